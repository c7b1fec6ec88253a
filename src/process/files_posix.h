#pragma once

#include <sys/stat.h>

#include <memory>
#include <string>
#include <string_view>

#include "foothold/env.h"
#include "process/descriptor.h"

// The files of the real Env, by POSIX. Contracts are those of Env.
namespace foothold::process {

/// open(2) with `flags`, closed on exec; new files get what the umask leaves of 0666.
Descriptor OpenDescriptor(const std::string& path, int flags);
/// All of `data`; messages name `path`.
Status WriteAll(int fd, const std::string& path, std::string_view data);
Status SyncDescriptor(int fd, const std::string& path);
/// Makes a created or renamed file's name durable.
Status SyncDirectoryOf(const std::string& path);
/// Why a file could not be created: most often because there is no folder for it.
Status CreationStatus(const std::string& path, std::string_view action, int error);
FileInfo ToFileInfo(const struct stat& info);
/// "a FIFO", "a directory".
std::string_view ToText(FileInfo::Kind kind);

Result<FileInfo> InspectPosix(const std::string& path);
Result<std::string> ReadPosixFile(const std::string& path, std::uint64_t most_bytes);
Result<std::unique_ptr<InputFile>> OpenPosixForRead(const std::string& path);
Result<std::unique_ptr<AppendFile>> OpenPosixForAppend(const std::string& path);
Status WritePosixFileAtomically(const std::string& path, std::string_view data);

}  // namespace foothold::process
