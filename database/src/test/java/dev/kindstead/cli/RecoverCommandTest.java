package dev.kindstead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.cli.RecoverCommand.Found;
import dev.kindstead.cli.RecoverCommand.Group;
import dev.kindstead.cli.RecoverCommand.Place;
import dev.kindstead.cli.RecoverCommand.Wish;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who takes the last resort is told what it may cost, group by group. */
final class RecoverCommandTest {
  private final List<Wish> wishes = new ArrayList<>();
  private final StringWriter output = new StringWriter();

  private String run(String... arguments) {
    var groups =
        List.of(
            new Group("system", "node-a", 3, 30, 0, Place.HERE),
            new Group("shard-0000", "node-b", 4, 40, 2, Place.BEHIND),
            new Group("shard-0001", "node-a", 5, 50, 0, Place.MAYBE_OLD));
    int code =
        new Kindstead(Map.of(), _ -> ExitCode.OK)
            .recovering(wish -> {
              wishes.add(wish);
              return new Found("cluster-1", "node-a", List.of("node-b", "node-c"), groups);
            })
            .writingTo(new PrintWriter(output, true))
            .run(arguments);
    assertThat(code).as(output.toString()).isEqualTo(ExitCode.OK);
    return output.toString();
  }

  @Test
  void lookingChangesNothing() {
    assertThat(run("recover", "--data-dir=a", "--with=b", "--with=c"))
        .containsPattern("shard-0000 +4 +40 +2 +here, BEHIND +node-b")
        .contains("BEHIND:", "MAY BE OLD:", "--accept-old", "node-b and node-c");
    assertThat(wishes)
        .containsExactly(new Wish(Path.of("a"), List.of(Path.of("b"), Path.of("c")), false, false));
  }

  @Test
  void whatIsLostIsNamed() {
    assertThat(run("recover", "--unsafe", "--accept-old"))
        .contains(
            "Lost: what shard-0000 acknowledged in later terms than 4.",
            "May be lost: all of shard-0001 since its entry 50 of term 5, however long ago.",
            "Never start node-b or node-c");
    assertThat(wishes).containsExactly(new Wish(Path.of("kindstead-data"), List.of(), true, true));
  }
}
