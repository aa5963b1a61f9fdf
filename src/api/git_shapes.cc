// Git's smart protocol over HTTP (gitprotocol-http(5)) at CodeCommit's paths, as operations whose
// bodies are bytes.
#include "api/model.h"
#include "api/shape_text.h"

namespace pawl::api {

namespace {

constexpr std::string_view kOperations = R"(
group Packs: Body blob payload, repositoryName! path, contentType header content-type,
    contentEncoding header content-encoding, gitProtocol header git-protocol
group Answer: Body blob payload, contentType header content-type,
    cacheControl header cache-control
operation AdvertiseReferences GET /v1/repos/{repositoryName}/info/refs
  in repositoryName! path, service query service, gitProtocol header git-protocol
  out +Answer
operation UploadPack POST /v1/repos/{repositoryName}/git-upload-pack reads
  in +Packs
  out +Answer
operation ReceivePack POST /v1/repos/{repositoryName}/git-receive-pack
  in +Packs
  out +Answer
)";

}  // namespace

ServiceModel git_model() {
  ServiceModel model({.signing_name = kGitService, .protocol = Protocol::kRestXml});
  add_operations(model, kOperations);
  return model;
}

}  // namespace pawl::api
