package dev.kindstead.cli;

import dev.kindstead.cli.CertificateAuthority.Issued;
import dev.kindstead.telemetry.Json;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code kindstead cert create}: a cluster's authority, and certificates for its nodes. */
final class CertificateCommand implements Callable<Integer> {
  private static final String DIRECTORY = "--directory";
  private static final String NAME = "--name";
  private static final String DAYS = "--days";
  private static final String JSON = "--json";
  private static final String DEFAULT_NAME = "node";
  private static final int DEFAULT_DAYS = 3_650;
  private static final int DAYS_MAX = 36_500;
  private static final String AUTHORITY = "ca";

  /** Whose two files can't be taken for others'. */
  private static final Pattern NODE_NAME =
      Pattern.compile("(?!ca$)(?!.*-key$)[a-zA-Z0-9][a-zA-Z0-9.-]{0,62}");

  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

  private CertificateCommand() {
    spec.usageMessage()
        .description(
            "Makes a certificate by which a node knows the others of its cluster.",
            "In a directory that has none it makes the authority that signs it, too.",
            "Overwrites no file.");
    option(DIRECTORY, "DIRECTORY", String.class, "Of the authority, and for the files. Required.");
    option(NAME, "NAME", String.class, "Names the files NAME.pem, NAME-key.pem. Default: node.");
    option(DAYS, "DAYS", int.class, "How long they count. Default: " + DEFAULT_DAYS + ".");
    spec.addOption(
        OptionSpec.builder(JSON).type(boolean.class).description("Prints JSON.").build());
  }

  static CommandSpec spec() {
    CommandSpec group = CommandSpec.create();
    group.usageMessage().description("Makes certificates for the nodes of a cluster.");
    group.addSubcommand("create", new CertificateCommand().spec);
    return group;
  }

  private void option(String name, String label, Class<?> type, String description) {
    spec.addOption(
        OptionSpec.builder(name)
            .type(type)
            .paramLabel(label)
            .description(description)
            .required(name.equals(DIRECTORY))
            .build());
  }

  @Override
  public Integer call() {
    ParseResult parsed = spec.commandLine().getParseResult();
    var files = new CertificateFiles(Path.of(parsed.matchedOptionValue(DIRECTORY, "")));
    String name = parsed.matchedOptionValue(NAME, DEFAULT_NAME);
    int days = parsed.matchedOptionValue(DAYS, DEFAULT_DAYS);
    if (!NODE_NAME.matcher(name).matches()) {
      throw new Refusal(
          ExitCode.USAGE,
          NAME + " takes letters, digits, dots and hyphens, and neither \"ca\" nor \"...-key\"");
    }
    if (days < 1 || days > DAYS_MAX) {
      throw new Refusal(ExitCode.USAGE, DAYS + " takes 1 to " + DAYS_MAX);
    }
    files.refuseExisting(name);
    Instant now = Instant.now();
    Duration life = Duration.ofDays(days);
    boolean fresh =
        !Files.exists(files.certificate(AUTHORITY)) && !Files.exists(files.key(AUTHORITY));
    CertificateAuthority authority =
        fresh ? CertificateAuthority.create(now, life) : existing(files, now);
    Issued issued = authority.issue(name, now, life);
    checkSigned(files, authority, issued);
    if (fresh) {
      files.write(AUTHORITY, authority.certificate(), authority.key());
    }
    files.write(name, issued.certificate(), issued.key());
    Instant expires = issued.certificate().getNotAfter().toInstant();
    PrintWriter out = spec.commandLine().getOut();
    if (parsed.hasMatchedOption(JSON)) {
      out.println(json(files, name, fresh, expires));
    } else {
      tell(out, files, name, fresh, expires);
    }
    return ExitCode.OK;
  }

  private static CertificateAuthority existing(CertificateFiles files, Instant now) {
    var authority =
        new CertificateAuthority(files.readCertificate(AUTHORITY), files.readKey(AUTHORITY));
    Instant end = authority.certificate().getNotAfter().toInstant();
    if (!now.isBefore(end)) {
      throw new Refusal(
          ExitCode.USAGE,
          "%s has expired at %s; make a new authority in another directory"
              .formatted(files.certificate(AUTHORITY), end));
    }
    return authority;
  }

  private static void checkSigned(
      CertificateFiles files, CertificateAuthority authority, Issued issued) {
    try {
      issued.certificate().verify(authority.certificate().getPublicKey());
    } catch (GeneralSecurityException e) {
      throw new Refusal(
          ExitCode.USAGE,
          "%s is not the key of %s".formatted(files.key(AUTHORITY), files.certificate(AUTHORITY)));
    }
  }

  private static void tell(
      PrintWriter out, CertificateFiles files, String name, boolean fresh, Instant expires) {
    if (fresh) {
      out.println("Wrote " + files.certificate(AUTHORITY) + ", the cluster's authority.");
      out.println("Wrote " + files.key(AUTHORITY) + ", its key.");
    }
    out.println("Wrote " + files.certificate(name) + ", a node's certificate, until " + expires);
    out.println("Wrote " + files.key(name) + ", its key.");
    out.println();
    out.printf(
        "A node needs %s, %s and %s.%n",
        files.certificate(AUTHORITY).getFileName(),
        files.certificate(name).getFileName(),
        files.key(name).getFileName());
    out.printf(
        "Whoever has %s can let anybody into the cluster: keep it elsewhere than on the nodes.%n",
        files.key(AUTHORITY).getFileName());
    out.printf(
        "For the next node: kindstead cert create --directory %s --name NAME%n", files.directory());
  }

  private static String json(CertificateFiles files, String name, boolean fresh, Instant expires) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("authorityCreated", fresh);
    report.put("authority", files.certificate(AUTHORITY).toString());
    report.put("authorityKey", files.key(AUTHORITY).toString());
    report.put("certificate", files.certificate(name).toString());
    report.put("key", files.key(name).toString());
    report.put("expires", expires.toString());
    return Json.write(report).stripTrailing();
  }
}
