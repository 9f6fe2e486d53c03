# SPDX-License-Identifier: GPL-2.0-or-later
cmake_minimum_required(VERSION 3.25)
# cmake -P: writes PAGE to FILLED with the output of PRINTERS/print_X for every '@X WORDS@'.
file(READ "${PAGE}" text)
string(REPLACE "@VERSION@" "${VERSION}" text "${text}")
# scdoc makes an empty paragraph of a comment.
string(REGEX REPLACE "\n; SPDX[^\n]*\n" "\n" text "${text}")
string(REGEX MATCHALL "\n@[a-z]+[a-z -]*@\n" marks "${text}")
foreach(mark IN LISTS marks)
  string(REGEX MATCHALL "[a-z-]+" words "${mark}")
  list(POP_FRONT words printer)
  execute_process(
    COMMAND "${PRINTERS}/print_${printer}" ${words}
    OUTPUT_VARIABLE table
    COMMAND_ERROR_IS_FATAL ANY)
  string(REPLACE "${mark}" "\n${table}" text "${text}")
endforeach()
file(WRITE "${FILLED}" "${text}")
