// The server's certificate and the protocol settings that go with it. Includes Asio's SSL: only
// the files of the server include this one.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>

#include "api/server.h"
#include "base/result.h"

namespace pawl::api {

// A context for TLS 1.2 and newer with forward secrecy and authenticated ciphers. Error: which file
// cannot be used, and why.
Result<std::unique_ptr<boost::asio::ssl::context>, ServerError> make_tls_context(
    const TlsFiles& files);

}  // namespace pawl::api
