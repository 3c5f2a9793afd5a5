package dev.kindstead.cli;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import dev.kindstead.index.IndexDefinition;
import dev.kindstead.index.IndexDefinition.IndexedProperty;
import dev.kindstead.query.RequiredIndex;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code kindstead index apply, list, delete, check}: composite indexes of a running database. */
final class IndexCommand implements Callable<Integer> {
  private static final String PROJECT = "--project";
  private static final String DATABASE = "--database";
  private static final String WAIT = "--wait";
  private static final String DEFAULT_PROJECT = "kindstead-dev";
  private static final long POLL_MILLIS = 500;

  /** What a subcommand does once there is a connection; answers an exit code. */
  private interface Action {
    int run(AdminClient client, IndexCommand command);
  }

  private final Map<String, String> environment;
  private final ServerEndpoint endpoint;
  private final CommandSpec spec;
  private final Action action;

  private IndexCommand(Map<String, String> environment, String description, Action action) {
    this.environment = environment;
    endpoint = new ServerEndpoint(environment);
    this.action = action;
    spec = CommandSpec.wrapWithoutInspection(this);
    spec.usageMessage().description(description);
    endpoint.addOptions(spec);
    text(PROJECT, "ID", "Default: $DATASTORE_PROJECT_ID, or " + DEFAULT_PROJECT + ".");
    text(DATABASE, "ID", "Default: the default database.");
  }

  static CommandSpec spec(Map<String, String> environment) {
    CommandSpec group = CommandSpec.create();
    group
        .usageMessage()
        .description("Shows, makes and checks composite indexes of a running database.");
    group.addSubcommand("apply", apply(environment).spec);
    group.addSubcommand("list", list(environment).spec);
    group.addSubcommand("delete", delete(environment).spec);
    group.addSubcommand("check", check(environment).spec);
    return group;
  }

  private static IndexCommand apply(Map<String, String> environment) {
    var command =
        new IndexCommand(
            environment,
            "Creates the indexes of an index.yaml that are not there yet. Deletes none.",
            IndexCommand::apply);
    command.parameter("FILE", "An index.yaml.");
    command.flag(WAIT, "Waits until they are ready, and shows how far they are.");
    return command;
  }

  private static IndexCommand list(Map<String, String> environment) {
    var command =
        new IndexCommand(
            environment, "Lists composite indexes and their states.", IndexCommand::list);
    command.flag(ServerEndpoint.JSON, "Prints JSON.");
    return command;
  }

  private static IndexCommand delete(Map<String, String> environment) {
    var command =
        new IndexCommand(
            environment, "Deletes an index, at once for queries.", IndexCommand::delete);
    command.parameter("INDEX", "Its id, as \"kindstead index list\" shows it.");
    return command;
  }

  private static IndexCommand check(Map<String, String> environment) {
    var command =
        new IndexCommand(
            environment,
            "Compares all index entries with the entities. Ends with 1 when they differ.",
            IndexCommand::check);
    command.flag(ServerEndpoint.JSON, "Prints JSON.");
    return command;
  }

  private void text(String name, String label, String description) {
    spec.addOption(
        OptionSpec.builder(name)
            .type(String.class)
            .paramLabel(label)
            .description(description)
            .build());
  }

  private void flag(String name, String description) {
    spec.addOption(OptionSpec.builder(name).type(boolean.class).description(description).build());
  }

  private void parameter(String label, String description) {
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0")
            .arity("1")
            .required(true)
            .type(String.class)
            .paramLabel(label)
            .description(description)
            .build());
  }

  @Override
  public Integer call() {
    try (AdminClient client = endpoint.open(parsed())) {
      return action.run(client, this);
    } catch (AdminClient.Failed refused) {
      throw new Refusal(ExitCode.UNEXPECTED, refused.status() + ": " + refused.getMessage());
    }
  }

  private ParseResult parsed() {
    return spec.commandLine().getParseResult();
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private String option(String name, String variable, String otherwise) {
    return parsed().matchedOptionValue(name, environment.getOrDefault(variable, otherwise));
  }

  private String parameter() {
    return parsed().matchedPositionalValue(0, "");
  }

  private String database() {
    return "projects/"
        + option(PROJECT, "DATASTORE_PROJECT_ID", DEFAULT_PROJECT)
        + "/databases/"
        + parsed().matchedOptionValue(DATABASE, "(default)");
  }

  private static int apply(AdminClient client, IndexCommand command) {
    List<RequiredIndex> wanted = IndexFile.read(Path.of(command.parameter()));
    int created = 0;
    int refused = 0;
    for (RequiredIndex index : wanted) {
      String path = command.database() + "/collectionGroups/" + index.kind() + "/indexes";
      try {
        client.call("POST", path, body(index));
        created++;
      } catch (AdminClient.Failed failed) {
        if (!failed.status().equals("ALREADY_EXISTS")) {
          command.out().printf("%s%s: %s%n", index.yaml(), failed.status(), failed.getMessage());
          refused++;
        }
      }
    }
    command
        .out()
        .printf(
            "%d indexes created, %d there already, %d refused.%n",
            created, wanted.size() - created - refused, refused);
    if (command.parsed().hasMatchedOption(WAIT)) {
      command.awaitReady(client);
    }
    return refused == 0 ? ExitCode.OK : ExitCode.UNEXPECTED;
  }

  private static String body(RequiredIndex index) {
    var fields = ListValue.newBuilder();
    for (IndexedProperty property : index.properties()) {
      String path = property.name().equals(IndexDefinition.KEY) ? "__name__" : property.name();
      fields.addValues(
          struct(
              Map.of(
                  "fieldPath", text(path),
                  "order", text(property.descending() ? "DESCENDING" : "ASCENDING"))));
    }
    return json(
        Struct.newBuilder()
            .putFields("apiScope", text("DATASTORE_MODE_API"))
            .putFields(
                "queryScope", text(index.ancestor() ? "COLLECTION_RECURSIVE" : "COLLECTION_GROUP"))
            .putFields("fields", Value.newBuilder().setListValue(fields).build())
            .build());
  }

  private static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }

  private static Value struct(Map<String, Value> fields) {
    return Value.newBuilder().setStructValue(Struct.newBuilder().putAllFields(fields)).build();
  }

  private static String json(Struct struct) {
    try {
      return JsonFormat.printer().print(struct);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a struct can be shown as JSON", e);
    }
  }

  private void awaitReady(AdminClient client) {
    while (true) {
      Struct operations = client.call("GET", database() + "/operations", "");
      List<String> building = new ArrayList<>();
      for (Value each : list(operations, "operations")) {
        Struct operation = each.getStructValue();
        if (!operation.getFieldsOrDefault("done", Value.getDefaultInstance()).getBoolValue()) {
          Struct metadata = operation.getFieldsOrThrow("metadata").getStructValue();
          Struct progress =
              metadata
                  .getFieldsOrDefault("progressDocuments", Value.getDefaultInstance())
                  .getStructValue();
          building.add(
              "%s of %s entities"
                  .formatted(number(progress, "completedWork"), number(progress, "estimatedWork")));
        }
      }
      if (building.isEmpty()) {
        out().println("All indexes are ready.");
        return;
      }
      out().printf("%d indexes in work: %s%n", building.size(), String.join("; ", building));
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        throw new Refusal(ExitCode.UNEXPECTED, "interrupted");
      }
    }
  }

  private static String number(Struct struct, String field) {
    return struct.getFieldsOrDefault(field, text("0")).getStringValue();
  }

  private static List<Value> list(Struct struct, String field) {
    return struct
        .getFieldsOrDefault(field, Value.getDefaultInstance())
        .getListValue()
        .getValuesList();
  }

  private static int list(AdminClient client, IndexCommand command) {
    Struct answer = client.call("GET", command.database() + "/collectionGroups/-/indexes", "");
    if (command.parsed().hasMatchedOption(ServerEndpoint.JSON)) {
      command.out().println(json(answer));
      return ExitCode.OK;
    }
    List<Value> indexes = list(answer, "indexes");
    for (Value each : indexes) {
      Struct index = each.getStructValue();
      String[] name = index.getFieldsOrThrow("name").getStringValue().split("/");
      boolean ancestor =
          index.getFieldsOrThrow("queryScope").getStringValue().equals("COLLECTION_RECURSIVE");
      command
          .out()
          .printf(
              "%-14s %-12s %s%s (%s)%n",
              name[7],
              index.getFieldsOrThrow("state").getStringValue(),
              name[5],
              ancestor ? " with ancestors" : "",
              list(index, "fields").stream()
                  .map(field -> shown(field.getStructValue()))
                  .collect(Collectors.joining(", ")));
    }
    if (indexes.isEmpty()) {
      command.out().println("No composite indexes.");
    }
    return ExitCode.OK;
  }

  private static String shown(Struct field) {
    boolean descending = field.getFieldsOrThrow("order").getStringValue().equals("DESCENDING");
    return field.getFieldsOrThrow("fieldPath").getStringValue() + (descending ? " desc" : "");
  }

  private static int delete(AdminClient client, IndexCommand command) {
    client.call(
        "DELETE", command.database() + "/collectionGroups/-/indexes/" + command.parameter(), "");
    command.out().println("Deleted for queries; its entries go within minutes.");
    return ExitCode.OK;
  }

  private static int check(AdminClient client, IndexCommand command) {
    Struct report = client.call("POST", command.database() + ":checkIndexes", "{}");
    double different = report.getFieldsOrThrow("different").getNumberValue();
    if (command.parsed().hasMatchedOption(ServerEndpoint.JSON)) {
      command.out().println(json(report));
    } else {
      list(report, "differences").forEach(each -> command.out().println(each.getStringValue()));
      command
          .out()
          .printf(
              "%.0f entities, %.0f index entries, %.0f differences.%n",
              report.getFieldsOrThrow("entities").getNumberValue(),
              report.getFieldsOrThrow("entries").getNumberValue(),
              different);
    }
    return different == 0 ? ExitCode.OK : ExitCode.UNEXPECTED;
  }
}
