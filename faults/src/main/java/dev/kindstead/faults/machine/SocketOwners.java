package dev.kindstead.faults.machine;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Which process has the other end of a connection on this machine, as Linux tells under /proc. */
final class SocketOwners {
  private static final List<Path> TABLES =
      List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
  private static final int LOCAL = 1;
  private static final int REMOTE = 2;
  private static final int INODE = 9;

  private SocketOwners() {}

  /**
   * The node whose process has the socket with these ports.
   *
   * @param processes by node
   */
  static OptionalInt owner(int localPort, int remotePort, Map<Integer, Long> processes) {
    Optional<String> inode = inode(localPort, remotePort);
    if (inode.isEmpty()) {
      return OptionalInt.empty();
    }
    String link = "socket:[" + inode.get() + "]";
    return processes.entrySet().stream()
        .filter(each -> has(each.getValue(), link))
        .mapToInt(Map.Entry::getKey)
        .findFirst();
  }

  private static Optional<String> inode(int localPort, int remotePort) {
    String local = ":%04X".formatted(localPort);
    String remote = ":%04X".formatted(remotePort);
    for (Path table : TABLES) {
      try {
        for (String line : Files.readAllLines(table)) {
          String[] words = line.strip().split("\\s+", -1);
          if (words.length > INODE
              && words[LOCAL].endsWith(local)
              && words[REMOTE].endsWith(remote)) {
            return Optional.of(words[INODE]);
          }
        }
      } catch (IOException noSuchTable) {
        // The other one, then.
      }
    }
    return Optional.empty();
  }

  private static boolean has(long process, String link) {
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(Path.of("/proc", Long.toString(process), "fd"))) {
      for (Path file : files) {
        try {
          if (Files.readSymbolicLink(file).toString().equals(link)) {
            return true;
          }
        } catch (IOException closedMeanwhile) {
          // Not that one.
        }
      }
      return false;
    } catch (IOException gone) {
      return false;
    }
  }
}
