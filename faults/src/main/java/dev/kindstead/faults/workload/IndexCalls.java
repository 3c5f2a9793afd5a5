package dev.kindstead.faults.workload;

import com.google.rpc.Code;
import dev.kindstead.telemetry.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The admin API's calls about indexes of one kind, at one node. Thread-safe. */
final class IndexCalls {
  private final Calls calls;

  IndexCalls(Calls calls) {
    this.calls = calls;
  }

  /** An index of two properties, the first ascending. */
  record Shape(String first, String second, boolean isSecondDescending) {
    private String json(String kind) {
      return """
      {"kind": "%s", "properties": [
        {"name": "%s", "direction": "ASCENDING"}, {"name": "%s", "direction": "%s"}]}
      """
          .formatted(kind, first, second, isSecondDescending ? "DESCENDING" : "ASCENDING");
    }

    private boolean isThat(Object index) {
      String text = String.valueOf(index);
      return text.contains("name=" + second) && text.contains("DESCENDING") == isSecondDescending;
    }
  }

  /** What the admin API says of an index, such as READY. */
  record Known(String id, String state) {}

  /** Begins to build it; quietly nothing where it is there already. */
  void create(String kind, Shape shape) throws Failed {
    try {
      calls.administer("POST", calls.projectPath() + "/indexes", shape.json(kind));
    } catch (Failed failure) {
      if (failure.code() != Code.ALREADY_EXISTS) {
        throw failure;
      }
    }
  }

  /** Quietly nothing where it is gone, or somebody works on it. */
  void delete(Known index) throws Failed {
    try {
      calls.administer("DELETE", calls.projectPath() + "/indexes/" + index.id, "");
    } catch (Failed failure) {
      if (failure.code() != Code.NOT_FOUND && failure.code() != Code.FAILED_PRECONDITION) {
        throw failure;
      }
    }
  }

  /** Empty when there is none of that shape. */
  Optional<Known> find(Shape shape) throws Failed {
    return all().filter(shape::isThat).map(IndexCalls::known).findFirst();
  }

  /**
   * Those that are there; fails while one is being built. One that was deleted stays for a minute,
   * but is asked no more.
   */
  List<Known> settled() throws Failed {
    List<Known> all = all().map(IndexCalls::known).toList();
    if (all.stream().anyMatch(each -> each.state.equals("CREATING"))) {
      throw new Failed(Code.UNAVAILABLE, "an index is still being built: " + all);
    }
    return all;
  }

  private Stream<Map<?, ?>> all() throws Failed {
    Object indexes = calls.administer("GET", calls.projectPath() + "/indexes", "").get("indexes");
    return indexes instanceof List<?> some
        ? some.stream().<Map<?, ?>>map(each -> (Map<?, ?>) each)
        : Stream.of();
  }

  private static Known known(Map<?, ?> index) {
    return new Known(String.valueOf(index.get("indexId")), String.valueOf(index.get("state")));
  }

  /**
   * The server's own comparison of all index entries with all entities of the project, both ways.
   *
   * @return what differs
   */
  List<String> differences() throws Failed {
    Map<String, Object> report =
        calls.administer("POST", calls.projectPath() + "/databases/(default):checkIndexes", "");
    boolean isSame = report.get("different") instanceof Number number && number.longValue() == 0;
    return isSame ? List.of() : List.of("indexes differ from entities: " + Json.write(report));
  }
}
