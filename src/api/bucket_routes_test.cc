#include "api/bucket_routes.h"

#include <gtest/gtest.h>

#include "base/percent.h"

namespace pawl::api {
namespace {

// "Operation bucket key", or the error's code.
std::string routed(std::string method, std::string target, std::string_view host = "localhost",
                   std::string_view field = {}) {
  static const BucketRoutes kRoutes(std::make_shared<const ServiceModel>(s3_model()));
  HttpRequest request;
  request.method = std::move(method);
  request.target = std::move(target);
  request.headers.add("host", host);
  if (!field.empty()) request.headers.add(field, "x/y");
  const auto parts = split_target(request.target);
  const auto query = parse_query(parts->query, Plus::kIsPlus);
  const auto route = kRoutes.route(request, *parts, *query);
  if (!route.ok()) return route.error().error.code;
  return std::string(route->operation->name) + " " + route->path[0].value + " " +
         route->path[1].value;
}

TEST(BucketRoutes, FindOperations) {
  EXPECT_EQ(routed("GET", "/"), "ListBuckets  ");
  EXPECT_EQ(routed("PUT", "/b"), "CreateBucket b ");
  EXPECT_EQ(routed("GET", "/b/"), "ListObjects b ");
  EXPECT_EQ(routed("GET", "/b?list-type=2&prefix=x"), "ListObjectsV2 b ");
  EXPECT_EQ(routed("GET", "/b?list-type=1"), "ListObjects b ");
  EXPECT_EQ(routed("GET", "/b?versions"), "ListObjectVersions b ");
  EXPECT_EQ(routed("GET", "/b?versioning"), "GetBucketVersioning b ");
  EXPECT_EQ(routed("PUT", "/b?tagging="), "PutBucketTagging b ");
  EXPECT_EQ(routed("POST", "/b?delete"), "DeleteObjects b ");
  EXPECT_EQ(routed("PUT", "/b/k"), "PutObject b k");
  EXPECT_EQ(routed("PUT", "/b/k", "localhost", "x-amz-copy-source"), "CopyObject b k");
  EXPECT_EQ(routed("PUT", "/b/k?partNumber=1&uploadId=u"), "UploadPart b k");
  EXPECT_EQ(routed("PUT", "/b/k?partNumber=1&uploadId=u", "localhost", "x-amz-copy-source"),
            "UploadPartCopy b k");
  EXPECT_EQ(routed("POST", "/b/k?uploads"), "CreateMultipartUpload b k");
  EXPECT_EQ(routed("POST", "/b/k?uploadId=u"), "CompleteMultipartUpload b k");
  EXPECT_EQ(routed("GET", "/b/k?uploadId=u"), "ListParts b k");
  EXPECT_EQ(routed("GET", "/b/k?attributes"), "GetObjectAttributes b k");
  EXPECT_EQ(routed("DELETE", "/b/k?uploadId=u"), "AbortMultipartUpload b k");
  EXPECT_EQ(routed("GET", "/b/k?torrent"), "NotImplemented");
  EXPECT_EQ(routed("POST", "/b/k"), "MethodNotAllowed");
  EXPECT_EQ(routed("GET", "/b/%ff"), "InvalidURI");
}

TEST(BucketRoutes, KeysAreAsTheyAreSent) {
  EXPECT_EQ(routed("GET", "/b/a//b/"), "GetObject b a//b/");
  EXPECT_EQ(routed("GET", "/b//"), "GetObject b /");
  EXPECT_EQ(routed("GET", "/b/../c"), "GetObject b ../c");
  EXPECT_EQ(routed("GET", "/b/a+b%20c%2Fd"), "GetObject b a+b c/d");
}

TEST(BucketRoutes, BucketsBeforeTheHost) {
  EXPECT_EQ(routed("GET", "/k", "b.localhost:4566"), "GetObject b k");
  EXPECT_EQ(routed("GET", "/", "b.localhost"), "ListObjects b ");
  EXPECT_EQ(routed("GET", "/k", "my.b.s3.eu-west-1.amazonaws.com"), "GetObject my.b k");
  EXPECT_EQ(routed("GET", "/k", "b.s3-eu-west-1.example.com"), "GetObject b k");
  EXPECT_EQ(routed("GET", "/b/k", "s3.localhost:4566"), "GetObject b k");
  EXPECT_EQ(routed("GET", "/b/k", "127.0.0.1:4566"), "GetObject b k");
  EXPECT_EQ(routed("GET", "/b/k", "[::1]:4566"), "GetObject b k");
  EXPECT_EQ(routed("GET", "/b/k", "pawl.example.com"), "GetObject b k");
}

}  // namespace
}  // namespace pawl::api
