# Sourced by ./kindstead and ./mvnw. find_jdk sets JDK to the home of a JDK that is new enough and
# returns 0, or says what to install and returns 1. It starts no process where a JDK has a `release`
# file, as all current ones have: this runs before every start.

JDK_VERSION_MIN=25

# The major version of the JDK in directory $1 in JDK_MAJOR; not 0 returned when it is none.
jdk_major() {
  JDK_MAJOR=
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 1
  if [ -r "$1/release" ]; then
    while IFS= read -r line; do
      case $line in
        JAVA_VERSION=*) JDK_MAJOR=${line#JAVA_VERSION=}; break ;;
      esac
    done <"$1/release"
  else
    JDK_MAJOR=$("$1/bin/javac" -version 2>&1) || return 1
    JDK_MAJOR=${JDK_MAJOR#javac }
  fi
  JDK_MAJOR=${JDK_MAJOR#\"}
  JDK_MAJOR=${JDK_MAJOR#1.}
  JDK_MAJOR=${JDK_MAJOR%%[!0-9]*}
  [ -n "$JDK_MAJOR" ]
}

jdk_is_new_enough() {
  jdk_major "$1" && [ "$JDK_MAJOR" -ge "$JDK_VERSION_MIN" ]
}

find_jdk() {
  # What the user names comes first, then the default one, then the usual places.
  for JDK in "${KINDSTEAD_JAVA_HOME:-}" "${JAVA_HOME:-}"; do
    [ -n "$JDK" ] && jdk_is_new_enough "$JDK" && return 0
  done
  if [ -n "${KINDSTEAD_JAVA_HOME:-}" ]; then
    echo "KINDSTEAD_JAVA_HOME=$KINDSTEAD_JAVA_HOME is no JDK $JDK_VERSION_MIN or newer." >&2
    return 1
  fi
  for JDK in /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* /opt/*jdk* \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.asdf/installs/java/* \
    "$HOME"/.local/share/mise/installs/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    [ -d "$JDK" ] && jdk_is_new_enough "$JDK" && return 0
  done
  # The one on the path may sit anywhere: ask it where it lives.
  if command -v java >/dev/null 2>&1; then
    JDK=$(java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p')
    [ -n "$JDK" ] && jdk_is_new_enough "$JDK" && return 0
  fi
  cat >&2 <<MESSAGE
Kindstead needs a JDK $JDK_VERSION_MIN or newer and found none. It may stay beside your default Java.
Install one, for example
  Debian, Ubuntu   apt install openjdk-25-jdk, or temurin-25-jdk from https://adoptium.net
  macOS            brew install openjdk@25
  elsewhere        https://adoptium.net/temurin/releases/?version=25
or name one that is there: KINDSTEAD_JAVA_HOME=/path/to/jdk-25
MESSAGE
  return 1
}
