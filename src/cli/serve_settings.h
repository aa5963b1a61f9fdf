// The settings of `pawl serve`, and what is wrong with a combination of them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/settings.h"

namespace pawl::cli {

// `options` must outlive the settings, which write into it.
std::vector<Setting> serve_settings(ServeOptions& options);

// Where to find a running server, for the commands that talk to one.
std::vector<Setting> client_settings(Client& client);

Setting data_dir_setting(std::string& data_dir);

// `/var/lib/pawl` as root, else `$XDG_STATE_HOME/pawl` (by default ~/.local/state/pawl).
std::string default_data_dir(const Environment& environment);

// Why these options may not be served, if so: an open address needs credentials, a certificate its
// key.
std::optional<std::string> refusal(const ServeOptions& options);

}  // namespace pawl::cli
