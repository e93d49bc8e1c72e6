/** macOS' Finder: a Quick Action for each entry, as Automator writes it. */
import { join } from 'node:path'
import { currentEntries, labelsOf } from './entries.ts'
import type { EntryFile } from './entry-files.ts'
import { OWN_MARK, type Entry, type EntryTarget } from './file-manager.ts'
import { shellArgument } from './launcher.ts'

/** `home`: the person's home folder. */
export function finderFiles(home: string, { launcher }: EntryTarget): readonly EntryFile[] {
  return ([0, 1] as const).flatMap((index) => {
    const entry = currentEntries()[index]
    const texts = { 'Info.plist': infoText(entry), 'document.wflow': workflowText(entry, launcher) }
    const placeOf = (label: string, name: string): string =>
      join(home, 'Library/Services', `${label}.workflow`, 'Contents', name)
    return Object.entries(texts).map(([name, text]) => ({
      path: placeOf(entry.label, name),
      otherPaths: labelsOf(index).map((label) => placeOf(label, name)),
      text,
      mode: 0o600,
    }))
  })
}

function infoText({ label }: Entry): string {
  return plist(`<dict>
	<key>NSServices</key>
	<array>
		<dict>
			<key>NSMenuItem</key>
			<dict>
				<key>default</key>
				<string>${escaped(label)}</string>
			</dict>
			<key>NSMessage</key>
			<string>runWorkflowAsService</string>
			<key>NSRequiredContext</key>
			<dict>
				<key>NSApplicationIdentifier</key>
				<string>com.apple.finder</string>
			</dict>
			<key>NSSendFileTypes</key>
			<array>
				<string>public.item</string>
			</array>
		</dict>
	</array>
</dict>`)
}

/** One action: a shell script that is given what is selected as arguments (`inputMethod` 1). */
function workflowText({ action }: Entry, launcher: string): string {
  const command = `exec ${shellArgument(launcher)} ${action} "$@"`
  return plist(`<dict>
	<key>AMApplicationVersion</key>
	<string>2.10</string>
	<key>AMDocumentVersion</key>
	<string>2</string>
	<key>actions</key>
	<array>
		<dict>
			<key>action</key>
			<dict>
				<key>ActionBundlePath</key>
				<string>/System/Library/Automator/Run Shell Script.action</string>
				<key>ActionName</key>
				<string>Run Shell Script</string>
				<key>ActionParameters</key>
				<dict>
					<key>COMMAND_STRING</key>
					<string>${escaped(command)}</string>
					<key>CheckedForUserDefaultShell</key>
					<true/>
					<key>inputMethod</key>
					<integer>1</integer>
					<key>shell</key>
					<string>/bin/sh</string>
					<key>source</key>
					<string></string>
				</dict>
				<key>BundleIdentifier</key>
				<string>com.apple.RunShellScript</string>
				<key>Class Name</key>
				<string>RunShellScriptAction</string>
			</dict>
		</dict>
	</array>
	<key>connectors</key>
	<dict/>
	<key>workflowMetaData</key>
	<dict>
		<key>serviceApplicationBundleID</key>
		<string>com.apple.finder</string>
		<key>serviceInputTypeIdentifier</key>
		<string>com.apple.Automator.fileSystemObject</string>
		<key>serviceOutputTypeIdentifier</key>
		<string>com.apple.Automator.nothing</string>
		<key>workflowTypeIdentifier</key>
		<string>com.apple.Automator.servicesMenu</string>
	</dict>
</dict>`)
}

function plist(content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!-- ${OWN_MARK} -->
<plist version="1.0">
${content}
</plist>
`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
