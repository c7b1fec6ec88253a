# shellcheck shell=bash
# What fresh.sh expects of the commands' output. Sourced; needs fail and say.

# Ten layers in the table of best schedules, each with a time and its share of the roofline.
check_demo() {  # OUTPUT
  local layers
  layers=$(awk '/^resnet18\.C[0-9]+ .*tile_h=/ && $2 > 0 && $6 > 0 && $7 == "%" {print $1}' "$1" | sort -u | wc -l)
  [[ $layers == 10 ]] || { cat "$1" >&2; fail "demo: the table has $layers layers of 10 with a time"; }
}

# ctest's own last word, of at least as many tests as there have long been.
check_tests() {  # OUTPUT
  local line
  line=$(grep -E '^100% tests passed, 0 tests failed out of [0-9]+$' "$1") || { tail -n 40 "$1" >&2; fail "tests failed"; }
  [[ ${line##* } -ge 500 ]] || fail "only ${line##* } tests ran"
  say "$line; $(grep -cE '\*\*\*Skipped|\(Skipped\)$' "$1" || true) of them were skipped"
}

# From ninja's log: how many files were compiled and in what time, and the ten slowest with their seconds.
report_build() {  # NINJA_LOG
  say "$(awk -F'\t' '/^[0-9]/ {jobs += $2 - $1; if ($2 > last) last = $2; if ($4 ~ /\.o$/) files++}
    END {printf "%d files compiled in %.0f s, %.0f s of all jobs", files, last / 1000, jobs / 1000}' "$1"); the slowest, in seconds:"
  awk -F'\t' '$4 ~ /\.o$/ {printf "  %6.1f  %s\n", ($2 - $1) / 1000, $4}' "$1" | sort -rn | head -n 10
}
