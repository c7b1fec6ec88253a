#pragma once

#include <fcntl.h>
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "process/cgroup.h"

namespace foothold::process {

/// A hierarchy of cgroups v2 with the kernel's rules: who may have controllers, who may have
/// processes, and what can be removed. One thread.
class FakeCgroups : public CgroupFiles {
 public:
  void AddRoot(const std::string& path, std::set<std::string> controllers) {
    root_ = path;
    root_controllers_ = std::move(controllers);
    groups_[path];
  }
  void Must(int error) { EXPECT_EQ(error, 0); }
  void Put(pid_t pid, const std::string& path) {
    for (auto& [name, group] : groups_) group.processes.erase(pid);
    groups_.at(path).processes.insert(pid);
  }
  /// Empty: it is dead, or never was.
  std::string PlaceOf(pid_t pid) const {
    for (const auto& [path, group] : groups_) {
      if (group.processes.contains(pid)) return path;
    }
    return "";
  }
  void Set(const std::string& path, const std::string& text) {
    const auto [group, file] = Split(path);
    groups_.at(group).files[file] = text;
  }
  void Forbid(const std::string& path) { groups_.at(path).forbidden = true; }
  void HoldLock(const std::string& path) { groups_.at(path).locked = true; }
  void LetNobodyEnter() { nobody_enters_ = true; }

  std::optional<std::string> Read(const std::string& path) override {
    const auto [name, file] = Split(path);
    const auto group = groups_.find(name);
    if (group == groups_.end()) return std::nullopt;
    if (file == "cgroup.procs") return Lines(group->second.processes);
    if (file == "cgroup.controllers") return Words(Controllers(name));
    if (file == "cgroup.subtree_control") return Words(group->second.handed_out);
    if (file == "cgroup.type" && name != root_) return "domain\n";
    if (const auto text = group->second.files.find(file); text != group->second.files.end()) {
      return text->second;
    }
    return std::nullopt;
  }

  int Write(const std::string& path, const std::string& text) override {
    const auto [name, file] = Split(path);
    const auto found = groups_.find(name);
    if (found == groups_.end()) return ENOENT;
    Group& group = found->second;
    if (group.forbidden) return EACCES;
    if (file == "cgroup.kill" && name != root_) return Kill(name);
    if (file == "cgroup.subtree_control") {
      if (!Controllers(name).contains(text.substr(1))) return ENOENT;
      if (name != root_ && !group.processes.empty()) return EBUSY;
      group.handed_out.insert(text.substr(1));
      return 0;
    }
    if (file == "cgroup.procs") {
      if (!group.handed_out.empty() && name != root_) return EBUSY;
      Put(std::stoi(text), name);
      return 0;
    }
    if (!group.files.contains(file)) return ENOENT;
    group.files[file] = text;
    return 0;
  }

  int MakeDirectory(const std::string& path) override {
    const std::string parent = Split(path).first;
    if (!groups_.contains(parent)) return ENOENT;
    if (groups_.contains(path)) return EEXIST;
    if (groups_.at(parent).forbidden) return EACCES;
    Group& group = groups_[path];
    if (Controllers(path).contains("memory")) {
      group.files = {{"memory.max", "max"}, {"memory.swap.max", "max"}, {"memory.oom.group", "0"}};
    }
    if (Controllers(path).contains("pids")) group.files["pids.max"] = "max";
    return 0;
  }

  int RemoveDirectory(const std::string& path) override {
    const auto group = groups_.find(path);
    if (group == groups_.end()) return ENOENT;
    if (!group->second.processes.empty() || !Subdirectories(path).empty()) return EBUSY;
    groups_.erase(group);
    return 0;
  }

  std::vector<std::string> Subdirectories(const std::string& path) override {
    std::vector<std::string> names;
    for (const auto& [name, group] : groups_) {
      if (name != path && Split(name).first == path) names.push_back(Split(name).second);
    }
    return names;
  }

  Descriptor OpenDirectory(const std::string& path) override {
    return groups_.contains(path) ? Descriptor(::open("/dev/null", O_RDONLY)) : Descriptor();
  }

  Descriptor LockDirectory(const std::string& path) override {
    return groups_.at(path).locked ? Descriptor() : OpenDirectory(path);
  }

  bool LetsChildEnter(const std::string& directory) override {
    return !nobody_enters_ && groups_.at(directory).handed_out.empty();
  }

 private:
  struct Group {
    std::set<pid_t> processes;
    std::set<std::string> handed_out;  // controllers, to the groups below
    std::map<std::string, std::string> files;
    bool forbidden = false;
    bool locked = false;
  };

  static std::pair<std::string, std::string> Split(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    return {path.substr(0, slash), path.substr(slash + 1)};
  }
  static std::string Lines(const std::set<pid_t>& processes) {
    std::string lines;
    for (const pid_t pid : processes) lines += fmt::format("{}\n", pid);
    return lines;
  }
  static std::string Words(const std::set<std::string>& words) {
    std::string line;
    for (const std::string& word : words) line += (line.empty() ? "" : " ") + word;
    return line + "\n";
  }
  std::set<std::string> Controllers(const std::string& path) const {
    return path == root_ ? root_controllers_ : groups_.at(Split(path).first).handed_out;
  }
  int Kill(const std::string& path) {
    for (auto& [name, group] : groups_) {
      if (name == path || name.rfind(path + "/", 0) == 0) group.processes.clear();
    }
    return 0;
  }

  std::string root_;
  std::set<std::string> root_controllers_;
  std::map<std::string, Group> groups_;
  bool nobody_enters_ = false;
};

}  // namespace foothold::process
