# SPDX-License-Identifier: GPL-2.0-or-later
# iniparser 4.1 has no pkg-config file in Debian, 4.2 has; the headers are in a directory
# of their own or not, as the distribution likes. All of them become one target.
pkg_check_modules(INIPARSER QUIET iniparser)
find_path(INIPARSER_HEADERS iniparser.h
  HINTS ${INIPARSER_INCLUDE_DIRS} ${INIPARSER_INCLUDEDIR} PATH_SUFFIXES iniparser REQUIRED)
find_library(INIPARSER_LIBRARY iniparser HINTS ${INIPARSER_LIBRARY_DIRS} REQUIRED)
add_library(iniparser INTERFACE)
target_include_directories(iniparser SYSTEM INTERFACE ${INIPARSER_HEADERS})
target_link_libraries(iniparser INTERFACE ${INIPARSER_LIBRARY})
