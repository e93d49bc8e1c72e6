import {
  FileArchive,
  FileCode,
  FileIcon as PlainFile,
  FileImage,
  FileMusic,
  FileSpreadsheet,
  FileText,
  FileVideo,
  type LucideIcon,
} from 'lucide-react'
import css from './FileIcon.module.css'

const kinds: readonly (readonly [LucideIcon, string])[] = [
  [FileImage, 'jpg jpeg png gif webp heic heif tif tiff svg bmp raw cr2 nef arw psd ai avif'],
  [FileVideo, 'mp4 mov mkv avi webm m4v mpg mpeg'],
  [FileMusic, 'mp3 flac wav ogg m4a aac opus aiff'],
  [FileArchive, 'zip gz tar tgz bz2 xz 7z rar zst dmg iso'],
  [FileSpreadsheet, 'xls xlsx ods csv tsv numbers'],
  [FileCode, 'js ts tsx jsx py rs go c h cpp java rb sh html css json xml yml yaml toml sql'],
  [FileText, 'txt md pdf doc docx odt rtf pages tex epub ppt pptx odp key'],
]

const iconOf = new Map(kinds.flatMap(([icon, endings]) => endings.split(' ').map((ending) => [ending, icon] as const)))

/** A picture of what kind of file a name stands for. */
export function FileIcon({ path }: { readonly path: string }) {
  const ending = path.slice(path.lastIndexOf('.') + 1).toLowerCase()
  const Icon = iconOf.get(ending) ?? PlainFile
  return <Icon size={16} className={css.icon} aria-hidden />
}
