#include "studies/cli/commands.h"

int main(int argc, char** argv) {
  return foothold::cli::RunMain(foothold::cli::StudyProgram(), argc, argv);
}
