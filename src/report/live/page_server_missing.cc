// The server where there was no HTTP library to build it with.
#include "report/live/page_server.h"

namespace foothold::live {

Result<std::unique_ptr<PageServer>> PageServer::Start(
    const ServeAddress&, std::string, std::function<std::shared_ptr<const std::string>()>) {
  return Status::Unavailable(
      "this foothold was built without a live view: install libmicrohttpd-dev and build again");
}

}  // namespace foothold::live
