# cmake -D STRIP=… -D LIBRARY=… -D SCRATCH=… -P size.cmake: prints the size of the stripped library, what an app ships.
cmake_minimum_required(VERSION 3.25)

set(stripped ${SCRATCH}/stripped)
file(COPY_FILE ${LIBRARY} ${stripped})
execute_process(COMMAND ${STRIP} ${stripped} COMMAND_ERROR_IS_FATAL ANY)
file(SIZE ${stripped} bytes)
message("${LIBRARY}: ${bytes} bytes stripped")
