package dev.sameport.daemon;

import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/// Brings what planes and libraries say through the JDK's logging into the daemon's log: one line,
/// one form, one level.
final class LogBridge extends Handler {
    private final Log log;
    private final SimpleFormatter formatter = new SimpleFormatter();

    private LogBridge(Log log) {
        this.log = log;
    }

    /// From now on everything goes to `log`.
    static void install(Log log, Log.Level least) {
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        root.setLevel(
                switch (least) {
                    // Netty's own debugging is no help with ours.
                    case DEBUG, INFO -> java.util.logging.Level.INFO;
                    case WARN -> java.util.logging.Level.WARNING;
                });
        if (least == Log.Level.DEBUG) {
            Logger.getLogger("dev.sameport").setLevel(java.util.logging.Level.FINE);
        }
        root.addHandler(new LogBridge(log));
    }

    @Override
    public void publish(LogRecord message) {
        int severity = message.getLevel().intValue();
        Log.Level level =
                severity >= java.util.logging.Level.WARNING.intValue()
                        ? Log.Level.WARN
                        : severity >= java.util.logging.Level.INFO.intValue()
                                ? Log.Level.INFO
                                : Log.Level.DEBUG;
        String text = formatter.formatMessage(message);
        Throwable cause = message.getThrown();
        String source = message.getLoggerName() == null ? "" : message.getLoggerName();
        log.write(
                level,
                "said",
                "by",
                source.substring(source.lastIndexOf('.') + 1),
                "text",
                cause == null ? text : text + ": " + cause);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
