// Repositories: made, shown, renamed, deleted.
#include <algorithm>
#include <filesystem>

#include "services/codecommit/service.h"

namespace pawl::codecommit {

namespace {

constexpr std::size_t kNameMax = 100;
constexpr std::size_t kDescriptionMax = 1'000;
constexpr std::size_t kPageMax = 1'000;
constexpr std::size_t kBatchMax = 100;

std::optional<ServiceError> check_name(const std::string& name) {
  const auto allowed = [](unsigned char byte) {
    return std::isalnum(byte) ||
           std::string_view("._-").find(static_cast<char>(byte)) != std::string_view::npos;
  };
  // A URL that ends with .git names the repository without it.
  const bool fits = name.size() <= kNameMax && std::all_of(name.begin(), name.end(), allowed) &&
                    !name.ends_with(".git") && name != "." && name != "..";
  if (fits) return std::nullopt;
  return error("InvalidRepositoryNameException",
               "Repository name " + name +
                   " is not valid: 1 to 100 letters, digits, periods, underscores and dashes, "
                   "without .git at its end");
}

std::optional<ServiceError> check_description(const std::string& description) {
  if (description.size() <= kDescriptionMax) return std::nullopt;
  return error("InvalidRepositoryDescriptionException",
               "A repository description has at most 1000 characters");
}

json::Value metadata(const RepositoryRecord& record, const std::string& endpoint) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("repositoryMetadata");
  write_metadata(out, record, endpoint);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

}  // namespace

void Service::create_repository(const Call& call, const Reply& reply) {
  const Fields fields(call.input.root());
  auto name =
      fields.required("repositoryName", "RepositoryNameRequiredException", "repository name");
  if (!name.ok()) return reply(Err{name.error()});
  if (auto wrong = check_name(*name)) return reply(Err{*wrong});
  SystemRng rng;
  const WallMillis now = clock_.wall_now();
  RepositoryRecord record{.account = call.principal.account,
                          .region = call.principal.region,
                          .name = *name,
                          .id = make_uuid(rng),
                          .description = fields.text_or("repositoryDescription", ""),
                          .default_branch = {},
                          .creation_time = now,
                          .modification_time = now,
                          .tags = read_tags(fields.node("tags"))};
  if (auto wrong = check_description(record.description)) return reply(Err{*wrong});
  if (auto made = git::Repository::create(folder(record)); !made.ok()) {
    return reply(Err{git_failed(made.error())});
  }
  auto exists = std::make_shared<bool>(false);
  catalog_.update(
      [record, exists](const runtime::Catalog::View& view) {
        std::vector<runtime::Catalog::Change> changes;
        *exists = view.find(kRepositoryTable, record.key()) != nullptr;
        if (!*exists) {
          changes.push_back({std::string(kRepositoryTable), record.key(), record.to_json()});
        }
        return changes;
      },
      [this, record, exists, reply] {
        if (!*exists) return reply(metadata(record, endpoint_));
        std::error_code ignored;
        std::filesystem::remove_all(folder(record), ignored);
        reply(Err{error("RepositoryNameExistsException",
                        "Repository named " + record.name + " already exists")});
      });
}

void Service::delete_repository(const Call& call, const Reply& reply) {
  const auto name =
      Fields(call.input.root())
          .required("repositoryName", "RepositoryNameRequiredException", "repository name");
  if (!name.ok()) return reply(Err{name.error()});
  const auto found = find(call);
  // A repository that is not there is no error: its id is missing from the answer.
  if (!found.ok()) return reply(empty_answer());
  catalog_.update(
      [record = *found](const runtime::Catalog::View&) {
        return std::vector<runtime::Catalog::Change>{
            {std::string(kRepositoryTable), record.key(), std::nullopt}};
      },
      [this, record = *found, reply] {
        remove_folder(folder(record));
        std::string text;
        json::Writer(text).begin_object().key("repositoryId").string(record.id).end_object();
        reply(json::Value::trusted(std::move(text)));
      });
}

Service::Answer Service::get_repository(const Call& call) {
  return metadata(TRY(find(call)), endpoint_);
}

Service::Answer Service::list_repositories(const Call& call) {
  const Fields fields(call.input.root());
  const std::string prefix = repository_key(call.principal, "");
  std::vector<RepositoryRecord> records;
  catalog_.for_each(kRepositoryTable, [&](const std::string& key, const std::string& text) {
    if (!key.starts_with(prefix)) return;
    if (auto record = RepositoryRecord::from_json(text)) records.push_back(*std::move(record));
  });
  const bool by_time = fields.text_or("sortBy", "repositoryName") == "lastModifiedDate";
  const bool descending = fields.text_or("order", "ascending") == "descending";
  std::sort(records.begin(), records.end(), [&](const auto& left, const auto& right) {
    const auto& [low, high] = descending ? std::tie(right, left) : std::tie(left, right);
    if (by_time && low.modification_time != high.modification_time) {
      return low.modification_time < high.modification_time;
    }
    return low.name < high.name;
  });
  const auto token = fields.text("nextToken");
  auto at = records.begin();
  if (token) {
    at = std::find_if(at, records.end(), [&](const auto& record) { return record.id == *token; });
    if (at == records.end()) {
      return Err{error("InvalidContinuationTokenException", "The token is not valid")};
    }
  }
  std::string text;
  json::Writer out(text);
  out.begin_object().key("repositories").begin_array();
  for (std::size_t count = 0; at != records.end() && count < kPageMax; ++at, ++count) {
    out.begin_object().key("repositoryName").string(at->name);
    out.key("repositoryId").string(at->id).end_object();
  }
  out.end_array();
  if (at != records.end()) out.key("nextToken").string(at->id);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

Service::Answer Service::batch_get_repositories(const Call& call) {
  const json::Node* names = Fields(call.input.root()).node("repositoryNames");
  if (!names || !names->is_array() || names->size() == 0) {
    return Err{error("RepositoryNamesRequiredException", "Repository names are required")};
  }
  if (names->size() > kBatchMax) {
    return Err{error("MaximumRepositoryNamesExceededException",
                     "At most 100 repositories can be asked for at once")};
  }
  std::string text;
  json::Writer out(text);
  std::vector<std::string> missing;
  out.begin_object().key("repositories").begin_array();
  for (const json::Node& name : *names) {
    const std::string wanted(name.is_string() ? name.string() : "");
    const auto stored = catalog_.get(kRepositoryTable, repository_key(call.principal, wanted));
    const auto record = stored ? RepositoryRecord::from_json(*stored) : std::nullopt;
    if (record) {
      write_metadata(out, *record, endpoint_);
    } else {
      missing.push_back(wanted);
    }
  }
  out.end_array().key("repositoriesNotFound").begin_array();
  for (const std::string& name : missing) out.string(name);
  out.end_array().end_object();
  return json::Value::trusted(std::move(text));
}

void Service::update_name(const Call& call, const Reply& reply) {
  const Fields fields(call.input.root());
  const auto old_name =
      fields.required("oldName", "RepositoryNameRequiredException", "repository name");
  if (!old_name.ok()) return reply(Err{old_name.error()});
  const auto new_name =
      fields.required("newName", "RepositoryNameRequiredException", "repository name");
  if (!new_name.ok()) return reply(Err{new_name.error()});
  if (auto wrong = check_name(*new_name)) return reply(Err{*wrong});
  change(
      repository_key(call.principal, *old_name),
      [name = *new_name, now = clock_.wall_now()](RepositoryRecord& record) {
        record.name = name;
        record.modification_time = now;
        return std::optional<ServiceError>();
      },
      reply);
}

void Service::update_description(const Call& call, const Reply& reply) {
  const auto found = find(call);
  if (!found.ok()) return reply(Err{found.error()});
  const std::string description = Fields(call.input.root()).text_or("repositoryDescription", "");
  if (auto wrong = check_description(description)) return reply(Err{*wrong});
  change(
      found->key(),
      [description, now = clock_.wall_now()](RepositoryRecord& record) {
        record.description = description;
        record.modification_time = now;
        return std::optional<ServiceError>();
      },
      reply);
}

}  // namespace pawl::codecommit
