// The files of a backup that its rows name as objects' bytes.
#pragma once

#include <string>

#include "runtime/backup_part.h"

namespace pawl::s3 {

class Service;

inline constexpr std::string_view kObjectsFolder = "objects";

// `service` outlives the part; nullptr: nobody has the store open.
runtime::BackupPart backup_part(Service* service);

}  // namespace pawl::s3
