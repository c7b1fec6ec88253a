#include "bindings/interpreter.h"

#include <utility>

namespace foothold::python {

SharedObject Share(py::object object) {
  return {new py::object(std::move(object)), [](py::object* shared) {
            const py::gil_scoped_acquire lock;
            delete shared;
          }};
}

void Raise(const Status& status) {
  const char* message = status.message().c_str();
  switch (status.code()) {
    case StatusCode::kNotFound:
      PyErr_SetString(PyExc_LookupError, message);
      break;
    case StatusCode::kIoError:
      PyErr_SetString(PyExc_OSError, message);
      break;
    case StatusCode::kUnavailable:
      PyErr_SetString(py::module_::import("foothold._errors").attr("UnavailableError").ptr(),
                      message);
      break;
    case StatusCode::kCancelled:
      PyErr_SetString(PyExc_KeyboardInterrupt, message);
      break;
    default:
      PyErr_SetString(PyExc_ValueError, message);
  }
  throw py::error_already_set();
}

std::string TextOf(const py::handle& object) {
  for (PyObject* (*const as_text)(PyObject*) : {&PyObject_Str, &PyObject_Repr}) {
    const py::object text = py::reinterpret_steal<py::object>(as_text(object.ptr()));
    if (!text) {
      PyErr_Clear();
      continue;
    }
    // A text may hold what no UTF-8 can: lone surrogates, of file names for example.
    const py::object bytes = py::reinterpret_steal<py::object>(
        PyUnicode_AsEncodedString(text.ptr(), "utf-8", "backslashreplace"));
    if (bytes) return std::string(py::reinterpret_borrow<py::bytes>(bytes));
    PyErr_Clear();
  }
  return "(it cannot be shown as text)";
}

std::string InOneLine(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = ' ';
  }
  return text;
}

std::string OneLine(const py::error_already_set& error) {
  std::string line = TextOf(error.type().attr("__name__"));
  const std::string message = TextOf(error.value());
  if (!message.empty()) line += ": " + message;
  py::object trace = error.trace();
  if (trace && !trace.is_none()) {
    while (!trace.attr("tb_next").is_none()) trace = trace.attr("tb_next");
    const std::string path = TextOf(trace.attr("tb_frame").attr("f_code").attr("co_filename"));
    line += " (" + path.substr(path.find_last_of('/') + 1) + ":" + TextOf(trace.attr("tb_lineno")) +
            ")";
  }
  return InOneLine(std::move(line));
}

void FirstException::Keep(std::exception_ptr exception) {
  const std::scoped_lock lock(mutex_);
  if (!exception_) exception_ = std::move(exception);
}

void FirstException::Rethrow() {
  std::exception_ptr exception;
  {
    const std::scoped_lock lock(mutex_);
    std::swap(exception, exception_);
  }
  if (exception) std::rethrow_exception(exception);
}

void FirstException::Forget() {
  const std::scoped_lock lock(mutex_);
  exception_ = nullptr;
}

Interruption::Interruption() : env_(MakeInterruptibleEnv(*Env::Default(), flag_)) {}

Interruption& Interruption::Global() {
  static auto* const interruption = new Interruption;  // targets that live for ever refer to it
  return *interruption;
}

Interruption::Session::Session() {
  Interruption& global = Global();
  const std::scoped_lock lock(global.mutex_);
  ++global.sessions_;
}

Interruption::Session::~Session() {
  Interruption& global = Global();
  const std::scoped_lock lock(global.mutex_);
  if (--global.sessions_ == 0) global.flag_ = false;
}

Interruption::Callback::Callback() : thread_(PyThread_get_thread_ident()) {
  Interruption& global = Global();
  const std::scoped_lock lock(global.mutex_);
  global.callbacks_.insert(thread_);
}

Interruption::Callback::~Callback() {
  Interruption& global = Global();
  const std::scoped_lock lock(global.mutex_);
  global.callbacks_.erase(global.callbacks_.find(thread_));
}

void Interruption::Interrupt() {
  const std::scoped_lock lock(mutex_);
  flag_ = true;
  for (const unsigned long thread : callbacks_) {
    PyThreadState_SetAsyncExc(thread, PyExc_KeyboardInterrupt);
  }
}

}  // namespace foothold::python
