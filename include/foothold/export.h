#pragma once

/// Marks what libfoothold gives to other programs. All else is hidden: it may change from version
/// to version, and a program may have something of the same name.
#define FOOTHOLD_EXPORT [[gnu::visibility("default")]]
