// Functions written for runtimes that are no more, and the SDKs that they expect to find.
#include <gmock/gmock.h>

#include "functions/function_fixture.h"

namespace pawl::functions {
namespace {

using ::testing::HasSubstr;

class LegacyTest : public FunctionFixture {
 public:
  SharedSpec python2(const std::string& text) {
    return function("python2.7", "handler.handler", {{"handler.py", text}});
  }
  void write(const std::string& path, const std::string& text) {
    const std::filesystem::path file = directory_ + "/" + path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
  // Stand-ins with the files and names that the SDKs have.
  void make_sdks() {
    const std::string sdk = "sdk/node_modules/aws-sdk/";
    write(sdk + "package.json", R"({"name":"aws-sdk","main":"lib/aws.js"})");
    write(sdk + "lib/core.js", "module.exports = {};");
    write(sdk + "lib/node_loader.js",
          "const AWS = require('./core');\n"
          "AWS.config = { update(more) { Object.assign(this, more) } };");
    write(sdk + "lib/aws.js", "require('./node_loader');\nmodule.exports = require('./core');");
    write(
        sdk + "clients/s3.js",
        "require('../lib/node_loader');\n"
        "module.exports = class { constructor() { this.config = require('../lib/core').config } }");
    write("sdk/python/boto3/__init__.py", "name = 'of the SDK folder'");
    options_.sdk_directory = directory_ + "/sdk";
    options_.endpoint_url = "http://127.0.0.1:4566";
  }
};

TEST_F(LegacyTest, Python2RunsOnPython3) {
  struct Case {
    const char* source;
    const char* payload;
  };
  const Case cases[] = {
      {"import Queue\nimport threading\n"
       "def handler(e, c):\n  q = Queue.Queue()\n  q.put(unicode('x'))\n  return q.get()\n",
       R"("x")"},
      {"def handler(event, context):\n  print 'seen', event\n  try: raise ValueError, 'old'\n"
       "  except ValueError, error: return str(error)\n",
       R"("old")"},
      {"import urllib, urllib2, urlparse, StringIO, ConfigParser, httplib, cPickle\n"
       "def handler(e, c):\n"
       "  return [urllib.quote('a b'), urllib2.Request('http://x/y').get_full_url(),\n"
       "    urlparse.urlparse('http://h/p').path, StringIO.StringIO(u'io').read(),\n"
       "    ConfigParser.SafeConfigParser().sections(), httplib.OK,\n"
       "    cPickle.loads(cPickle.dumps([1]))]\n",
       R"(["a%20b", "http://x/y", "/p", "io", [], 200, [1]])"},
      {"def handler(e, c):\n"
       "  return [isinstance('x', basestring), isinstance(u'x', unicode), list(xrange(2)),\n"
       "    isinstance(1, long), reduce(lambda a, b: a + b, [1, 2]), unichr(65), cmp(1, 2)]\n",
       R"([true, true, [0, 1], true, 3, "A", -1])"},
      {"def handler(e, c):\n"
       "  d = {'a': 1}\n"
       "  return sorted('%s%d' % (k, v) for k, v in d.iteritems()) + [d.has_key('a')]\n",
       R"(["a1", true])"},
      {"import sys\ndef handler(e, c):\n  print >>sys.stderr, 'x'\n  return 0777 <> 1\n", "true"}};
  for (const Case& c : cases) EXPECT_EQ(invoke(python2(c.source)).payload, c.payload) << c.source;
}

TEST_F(LegacyTest, Python2ModulesBesideTheHandler) {
  const auto spec = function("python2.7", "main.handler",
                             {{"main.py", "import helper\ndef handler(e, c):\n  return helper.f()"},
                              {"helper.py", "def f():\n  print 'helping'\n  return `1`"}});
  EXPECT_EQ(invoke(spec).payload, R"("1")");
  const auto broken = invoke(python2("def handler(e, c:\n  print 'x'\n"));
  EXPECT_THAT(broken.payload, HasSubstr("Runtime.UserCodeSyntaxError"));
  // On Python 3 nothing is rewritten.
  EXPECT_THAT(invoke(python("print 'x'\n")).payload, HasSubstr("Runtime.UserCodeSyntaxError"));
}

TEST_F(LegacyTest, OldNodeHandlers) {
  const auto spec = function("nodejs6.10", "index.handler",
                             {{"index.js",
                               "'use strict';\n"
                               "exports.handler = function (event, context, callback) {\n"
                               "  callback(null, [context.invokeid === context.awsRequestId,\n"
                               "    JSON.parse(JSON.stringify(context)).invokeid.length > 0,\n"
                               "    process.env.AWS_EXECUTION_ENV]);\n"
                               "};"}});
  EXPECT_EQ(invoke(spec).payload, R"([true,true,"AWS_Lambda_nodejs6.10"])");
}

TEST_F(LegacyTest, SdksAreThereAndPointToPawl) {
  make_sdks();
  for (const Isolation isolation : {Isolation::kAuto, Isolation::kProcess}) {
    close_pool();
    options_.isolation = isolation;
    const auto whole = node(
        "const AWS = require('aws-sdk');\n"
        "exports.handler = async () => [AWS.config.endpoint, AWS.config.s3ForcePathStyle]");
    EXPECT_EQ(invoke(whole).payload, R"(["http://127.0.0.1:4566",true])");
    const auto one = node(
        "const S3 = require('aws-sdk/clients/s3');\n"
        "exports.handler = async () => new S3().config.endpoint");
    EXPECT_EQ(invoke(one).payload, R"("http://127.0.0.1:4566")");
    const auto boto = python("import boto3\ndef handler(e, c):\n  return boto3.name");
    EXPECT_EQ(invoke(boto).payload, R"("of the SDK folder")");
  }
}

TEST_F(LegacyTest, ThePackagesOwnSdkGoesFirst) {
  make_sdks();
  const auto spec = function(
      "nodejs20.x", "index.handler",
      {{"index.js",
        "const AWS = require('aws-sdk');\n"
        "exports.handler = async () => [AWS.mine, AWS.config.endpoint]"},
       {"node_modules/aws-sdk/lib/node_loader.js", "require('./core')"},
       {"node_modules/aws-sdk/lib/core.js",
        "module.exports = { mine: 1, config: { update(more) { Object.assign(this, more) } } }"},
       {"node_modules/aws-sdk/index.js",
        "require('./lib/node_loader')\nmodule.exports = require('./lib/core')"}});
  EXPECT_EQ(invoke(spec).payload, R"([1,"http://127.0.0.1:4566"])");
  const auto boto =
      function("python3.12", "handler.handler",
               {{"handler.py", "import boto3\ndef handler(e, c):\n  return boto3.name"},
                {"boto3.py", "name = 'of the package'"}});
  EXPECT_EQ(invoke(boto).payload, R"("of the package")");
}

TEST_F(LegacyTest, CredentialsAreThoseThatAreGivenOut) {
  options_.find_credentials = [](const SharedSpec& spec, const auto& take) {
    take({"ASIA" + spec->name, "secret", "token"});
  };
  const auto spec = python(
      "import os\ndef handler(e, c):\n"
      "  return [os.environ[n] for n in ('AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', "
      "'AWS_SESSION_TOKEN')]");
  EXPECT_EQ(invoke(spec).payload, "[\"ASIA" + spec->name + R"(", "secret", "token"])");
}

}  // namespace
}  // namespace pawl::functions
