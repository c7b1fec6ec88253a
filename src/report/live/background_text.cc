#include "report/live/background_text.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <stdexcept>
#include <utility>

#include "report/live/quiet_thread.h"

namespace foothold::live {

BackgroundText::BackgroundText(Env& env, std::function<std::string()> make, std::string before)
    : env_(env),
      make_(std::move(make)),
      text_(std::make_shared<const std::string>(std::move(before))),
      thread_(StartQuietThread([this] { MakeWhenAsked(); })) {}

BackgroundText::~BackgroundText() {
  {
    const std::scoped_lock lock(mutex_);
    is_over_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

std::shared_ptr<const std::string> BackgroundText::Get() {
  std::unique_lock lock(mutex_);
  if (IsDue() && !is_asked_) {
    is_asked_ = true;
    changed_.notify_all();
    // Only who asks first waits: while one text takes long, all others are answered at once.
    changed_.wait_for(lock, std::chrono::duration<double>(kPatience_s),
                      [this] { return !is_asked_; });
  }
  if (has_failed_) throw std::runtime_error("the text could not be made");
  return text_;
}

void BackgroundText::MakeWhenAsked() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return is_asked_ || is_over_; });
    if (is_over_) return;
    MakeOnce(lock);
    is_asked_ = false;
    changed_.notify_all();
  }
}

void BackgroundText::MakeOnce(std::unique_lock<std::mutex>& lock) {
  std::string text;
  bool is_made = true;
  lock.unlock();
  const double begin = env_.MonotonicSeconds();
  try {
    text = make_();
  } catch (const std::exception&) {
    is_made = false;
  }
  const double end = env_.MonotonicSeconds();
  lock.lock();
  has_failed_ = !is_made;
  if (!is_made) return;
  is_made_ = true;
  text_ = std::make_shared<const std::string>(std::move(text));
  next_ = end + std::max(kLeastSeconds, (end - begin) / kShareOfTime);
}

}  // namespace foothold::live
