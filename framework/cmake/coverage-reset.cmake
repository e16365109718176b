# cmake -D BUILD=… -P coverage-reset.cmake: removes the counts that earlier runs left in a build folder.
file(GLOB_RECURSE counts ${BUILD}/*.gcda)
if(counts)
  file(REMOVE ${counts})
endif()
