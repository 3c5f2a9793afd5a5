package dev.kindstead.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.spi.FilterReply;
import org.slf4j.LoggerFactory;

/**
 * Lines on standard error: ours from INFO, the libraries' from WARN. Logback finds it as a service;
 * code, not XML, because parsing XML would be a tenth of the time that a development server takes
 * to start.
 */
public final class Logging extends ContextAwareBase implements Configurator {
  private static final String OURS = "dev.kindstead";

  /** It warns of what is normal: late votes, elections, members that are down. */
  private static final String ENGINE = "com.alipay.sofa.jraft";

  /** It repeats, for each group and several times a second, that a member is down. */
  private static final String ENGINE_CONNECTIONS = ENGINE + ".rpc.impl.AbstractClientService";

  /** It calls it an error to hand over before the entry that begins a term is agreed on. */
  private static final String ENGINE_HANDED_OVER_EARLY = "Fail to run ConfigurationChangeDone";

  private static final String LINE = "%d{yyyy-MM-dd HH:mm:ss.SSS} %-5level %logger{0}: %msg%n";

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    var encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(LINE);
    encoder.start();
    var appender = new ConsoleAppender<ILoggingEvent>();
    appender.setContext(context);
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.addFilter(
        new Filter<>() {
          @Override
          public FilterReply decide(ILoggingEvent event) {
            return event.getMessage().startsWith(ENGINE_HANDED_OVER_EARLY)
                ? FilterReply.DENY
                : FilterReply.NEUTRAL;
          }
        });
    appender.start();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(appender);
    context.getLogger(OURS).setLevel(Level.INFO);
    context.getLogger(ENGINE).setLevel(Level.ERROR);
    context.getLogger(ENGINE_CONNECTIONS).setLevel(Level.OFF);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /**
   * Sets what our own rooms log; debug shows what the replication engine is doing, too.
   *
   * @param level error, warn, info or debug
   */
  public static void setLevel(String level) {
    if (LoggerFactory.getLogger(OURS) instanceof Logger logger) {
      logger.setLevel(Level.toLevel(level, Level.INFO));
    }
    if (level.equals("debug") && LoggerFactory.getLogger(ENGINE) instanceof Logger engine) {
      engine.setLevel(Level.INFO);
    }
  }
}
