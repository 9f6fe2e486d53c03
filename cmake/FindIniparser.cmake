# SPDX-License-Identifier: GPL-2.0-or-later
# iniparser 4.1 ships no pkg-config file in Debian and installs its headers in
# a directory of their own; 4.2 has iniparser.pc. Both become the same target.
pkg_check_modules(INIPARSER QUIET IMPORTED_TARGET GLOBAL iniparser)
add_library(iniparser INTERFACE)
if(INIPARSER_FOUND)
  target_link_libraries(iniparser INTERFACE PkgConfig::INIPARSER)
  target_include_directories(iniparser SYSTEM INTERFACE ${INIPARSER_INCLUDEDIR}/iniparser)
else()
  find_path(INIPARSER_HEADERS iniparser.h PATH_SUFFIXES iniparser REQUIRED)
  find_library(INIPARSER_LIBRARY iniparser REQUIRED)
  target_include_directories(iniparser SYSTEM INTERFACE ${INIPARSER_HEADERS})
  target_link_libraries(iniparser INTERFACE ${INIPARSER_LIBRARY})
endif()
