package dev.kindstead;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The drawing of the building: which room may use which. Upstairs uses downstairs; on one floor
 * only where {@link #DOORS_ON_ONE_FLOOR} has a door. ARCHITECTURE.md shows the same picture.
 */
final class ArchitectureTest {
  private static final Map<String, Integer> FLOORS =
      Map.ofEntries(
          Map.entry("model", 0),
          Map.entry("encoding", 0),
          Map.entry("environment", 0),
          Map.entry("telemetry", 0),
          Map.entry("admission", 1),
          Map.entry("storage", 1),
          Map.entry("index", 1),
          Map.entry("replication", 2),
          Map.entry("placement", 3),
          Map.entry("directory", 3),
          Map.entry("transaction", 4),
          Map.entry("coordination", 4),
          Map.entry("vector", 5),
          Map.entry("query", 5),
          Map.entry("jobs", 5),
          Map.entry("service", 6),
          Map.entry("gql", 7),
          Map.entry("administration", 7),
          Map.entry("protocol", 7),
          Map.entry("console", 7),
          Map.entry("cli", 7),
          Map.entry("transport", 7),
          Map.entry("server", 8));

  private static final Map<String, Set<String>> DOORS_ON_ONE_FLOOR =
      Map.of(
          "encoding", Set.of("model"),
          "telemetry", Set.of("environment"),
          "index", Set.of("storage"),
          "placement", Set.of("directory"),
          "query", Set.of("vector"),
          "protocol", Set.of("gql", "administration"));

  /** A library, and who alone may know it. */
  private record Fence(String library, String reason, List<String> rooms, String classes) {}

  private static final List<Fence> FENCES =
      List.of(
          new Fence(
              "org.rocksdb..",
              "behind OrderedStore and ReplicatedLog",
              List.of("storage", "replication"),
              "(Rocks|Raft)\\w*"),
          new Fence(
              "io.github.jbellis..", "behind VectorIndexes", List.of("vector"), "VectorGraph\\w*"),
          new Fence(
              "com.alipay.sofa..", "behind ReplicatedLog", List.of("replication"), "Raft\\w*"),
          new Fence(
              "com.google.datastore..",
              "proto types stop at protocol",
              List.of("protocol", "gql", "administration"),
              "\\w*"),
          new Fence(
              "com.google.firestore..",
              "the admin API stops at administration",
              List.of("administration"),
              "\\w*"),
          new Fence(
              "com.linecorp.armeria..",
              "the door is protocol's",
              List.of("protocol", "transport"),
              "\\w*"),
          new Fence(
              "io.grpc..", "the door is protocol's", List.of("protocol", "transport"), "\\w*"),
          new Fence(
              "io.netty..", "the door is protocol's", List.of("protocol", "transport"), "\\w*"),
          new Fence("picocli..", "commands are cli's", List.of("cli", "server"), "\\w*"),
          new Fence(
              "org.bouncycastle..",
              "never on a server's way up",
              List.of("cli"),
              "CertificateAuthority"),
          new Fence("org.snakeyaml..", "files are cli's", List.of("cli"), "\\w*"));

  private final JavaClasses classes =
      new ClassFileImporter().importPath(Path.of("target", "classes"));

  @Test
  void everyRoomIsOnTheDrawing() {
    Set<String> undrawn = new TreeSet<>();
    for (JavaClass each : classes) {
      if (!FLOORS.containsKey(room(each))) {
        undrawn.add(room(each));
      }
    }
    assertThat(undrawn).as("rooms that have no floor").isEmpty();
  }

  @Test
  void roomsUseOnlyRoomsBelow() {
    Set<String> upward = new TreeSet<>();
    for (JavaClass each : classes) {
      for (Dependency dependency : each.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (isOurs(target) && !mayUse(room(each), room(target))) {
          upward.add(
              "%s -> %s: %s uses %s"
                  .formatted(room(each), room(target), each.getSimpleName(), target.getName()));
        }
      }
    }
    assertThat(upward).as("rooms that use a room above or beside them").isEmpty();
  }

  @Test
  void librariesStayBehindTheirFences() {
    for (Fence fence : FENCES) {
      noClasses()
          .that(areOutside(fence))
          .should()
          .dependOnClassesThat()
          .resideInAPackage(fence.library)
          .because(fence.reason)
          .allowEmptyShould(true)
          .check(classes);
    }
  }

  private static DescribedPredicate<JavaClass> areOutside(Fence fence) {
    return DescribedPredicate.describe(
        "are outside " + fence.rooms + " " + fence.classes,
        each -> !(fence.rooms.contains(room(each)) && outermost(each).matches(fence.classes)));
  }

  private static boolean mayUse(String user, String used) {
    int from = FLOORS.getOrDefault(user, Integer.MAX_VALUE);
    int to = FLOORS.getOrDefault(used, Integer.MAX_VALUE);
    return user.equals(used)
        || to < from
        || DOORS_ON_ONE_FLOOR.getOrDefault(user, Set.of()).contains(used);
  }

  private static boolean isOurs(JavaClass each) {
    return each.getPackageName().startsWith("dev.kindstead.");
  }

  private static String room(JavaClass each) {
    return each.getPackageName().replaceFirst("^dev\\.kindstead\\.?", "").replaceFirst("\\..*", "");
  }

  private static String outermost(JavaClass each) {
    return each.getName().replaceFirst(".*\\.", "").replaceFirst("\\$.*", "");
  }
}
