# SPDX-License-Identifier: GPL-2.0-or-later
# A room is a folder of src/: every .c file in it, as one static library. USES names
# the rooms that it may include (design: rooms), LIBS the libraries that it calls.
function(add_room name)
  cmake_parse_arguments(ROOM "" "" "USES;LIBS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.c")
  list(TRANSFORM ROOM_USES PREPEND room_)
  add_library(room_${name} STATIC ${sources})
  target_include_directories(room_${name} PUBLIC "${CMAKE_CURRENT_SOURCE_DIR}")
  target_link_libraries(room_${name} PUBLIC ${ROOM_USES} PRIVATE ${ROOM_LIBS})
endfunction()
