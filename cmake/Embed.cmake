# SPDX-License-Identifier: GPL-2.0-or-later
# Makes a text file a constant of the room that prints it, so that what ships as a file
# stands as one: `#include "embedded/NAME.h"` gives `static const char NAME[]`.
function(embed_text target name file)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
  file(READ "${file}" text)
  string(REPLACE "\\" "\\\\" text "${text}")
  string(REPLACE "\"" "\\\"" text "${text}")
  string(REPLACE "\n" "\\n\"\n\t\"" text "${text}")
  file(GENERATE OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/embedded/${name}.h"
    CONTENT "static const char ${name}[] =\n\t\"${text}\";\n")
  target_include_directories(${target} PRIVATE "${CMAKE_CURRENT_BINARY_DIR}")
endfunction()
