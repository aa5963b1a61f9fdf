// Transcripts: calls and what they answer, in scenarios/*.txt. PAWL_GOLDEN=rewrite writes them
// anew. Ids that are drawn are shown as $1, $2 ... in the order in which they appear.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <regex>
#include <sstream>

#include "base/still_clock.h"
#include "base/test_folders.h"
#include "services/s3/service.h"
#include "store/sim_store.h"
#include "store/test_directory.h"

namespace pawl::s3 {
namespace {

class World {
 public:
  World() {
    auto opened = Service::open(directory_.path(), *store_, catalog_, clock_);
    ENSURE(opened.ok(), opened.error());
    service_ = std::move(opened).value();
    service_->add_to(operations_);
  }

  std::string run(const std::string& line) {
    const std::size_t blank = line.find(' ');
    const auto* operation = operations_.find("s3", line.substr(0, blank));
    if (operation == nullptr) return "no such operation";
    auto input =
        json::Value::parse(blank == std::string::npos ? "{}" : with_ids(line.substr(blank)));
    if (!input.ok()) return "the input is no JSON";
    auto answer = std::make_shared<std::promise<std::string>>();
    (*operation)({{}, std::move(*input), "request"}, [answer](const OperationResult& result) {
      answer->set_value(result.ok() ? std::string(result->text()) : shown(result.error()));
    });
    return without_ids(answer->get_future().get());
  }

 private:
  static std::string shown(const ServiceError& error) {
    std::string text = std::to_string(error.http_status) + " " + error.code + ": " + error.message;
    for (const auto& [name, value] : error.members) text += " " + name + "=" + value;
    return text;
  }

  std::string with_ids(std::string text) const {
    for (std::size_t i = ids_.size(); i > 0; --i) {
      const std::string name = "$" + std::to_string(i);
      for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name)) {
        text.replace(at, name.size(), ids_[i - 1]);
      }
    }
    return text;
  }

  std::string without_ids(std::string text) {
    static const std::regex kId(
        "\"(VersionId|UploadId|DeleteMarkerVersionId|NextVersionIdMarker)"
        "\":\"([A-Za-z0-9._]{32})\"");
    std::smatch match;
    std::string rest = text;
    while (std::regex_search(rest, match, kId)) {
      if (std::find(ids_.begin(), ids_.end(), match[2]) == ids_.end()) ids_.push_back(match[2]);
      rest = match.suffix();
    }
    for (std::size_t i = 0; i < ids_.size(); ++i) {
      for (std::size_t at = text.find(ids_[i]); at != std::string::npos; at = text.find(ids_[i])) {
        text.replace(at, ids_[i].size(), "$" + std::to_string(i + 1));
      }
    }
    return text;
  }

  store::TestDirectory directory_;
  std::unique_ptr<store::SimStore> store_ = store::SimStore::make();
  runtime::Catalog catalog_{*store_};
  StillClock clock_;
  runtime::Operations operations_;
  std::unique_ptr<Service> service_;
  std::vector<std::string> ids_;
};

std::string replay(const std::string& script) {
  World world;
  std::string out;
  std::istringstream lines(script);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("> ")) {
      out += line + "\n" + world.run(line.substr(2)) + "\n";
    } else if (line.starts_with("#") || line.empty()) {
      out += line + "\n";
    }
  }
  return out;
}

TEST(Scenario, TranscriptsHold) {
  const std::filesystem::path folder = source_dir() / "src/services/s3/scenarios";
  const char* golden = std::getenv("PAWL_GOLDEN");
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path());
    const std::string expected((std::istreambuf_iterator<char>(file)), {});
    const std::string actual = replay(expected);
    if (golden != nullptr && std::string(golden) == "rewrite") {
      std::ofstream(entry.path()) << actual;
    } else {
      EXPECT_EQ(actual, expected) << entry.path();
    }
    ++count;
  }
  EXPECT_GT(count, 3);
}

}  // namespace
}  // namespace pawl::s3
