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

type FileKind = 'image' | 'video' | 'music' | 'archive' | 'sheet' | 'code' | 'text' | 'other'

const icons: Readonly<Record<FileKind, LucideIcon>> = {
  image: FileImage,
  video: FileVideo,
  music: FileMusic,
  archive: FileArchive,
  sheet: FileSpreadsheet,
  code: FileCode,
  text: FileText,
  other: PlainFile,
}

const endings: readonly (readonly [FileKind, string])[] = [
  ['image', 'jpg jpeg png gif webp heic heif tif tiff svg bmp raw cr2 nef arw psd ai avif'],
  ['video', 'mp4 mov mkv avi webm m4v mpg mpeg'],
  ['music', 'mp3 flac wav ogg m4a aac opus aiff'],
  ['archive', 'zip gz tar tgz bz2 xz 7z rar zst dmg iso'],
  ['sheet', 'xls xlsx ods csv tsv numbers'],
  ['code', 'js ts tsx jsx py rs go c h cpp java rb sh html css json xml yml yaml toml sql'],
  ['text', 'txt md pdf doc docx odt rtf pages tex epub ppt pptx odp key'],
]

const kindByEnding = new Map(
  endings.flatMap(([kind, list]) => list.split(' ').map((ending) => [ending, kind] as const)),
)

/** A picture of what kind of file a name stands for. */
export function FileIcon({ path }: { readonly path: string }) {
  const ending = path.slice(path.lastIndexOf('.') + 1).toLowerCase()
  const Icon = icons[kindByEnding.get(ending) ?? 'other']
  return <Icon size={16} className={css.icon} aria-hidden />
}
