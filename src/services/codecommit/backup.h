// The Git repositories of a backup.
#pragma once

#include <string>

#include "runtime/backup_part.h"

namespace pawl::codecommit {

class Service;

inline constexpr std::string_view kRepositoriesFolder = "repositories";

// `service` outlives the part; nullptr: nobody writes to `data_dir`.
runtime::BackupPart backup_part(const std::string& data_dir, Service* service);

}  // namespace pawl::codecommit
