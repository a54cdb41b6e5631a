package io.scaiwave.admin;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LogFormatTest {
    @Test
    void aMessage_isOneLineWhateverIsInIt() throws JoranException {
        LoggerContext context = new LoggerContext();
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure("conf/logback.xml");
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        ConsoleAppender<ILoggingEvent> console =
                (ConsoleAppender<ILoggingEvent>) ((AsyncAppender) root.getAppender("async")).getAppender("console");
        LoggingEvent event = new LoggingEvent(
                "", root, Level.INFO, "from {}", null, new Object[] {"a\r\n12:00:00 INFO forged\u001b[2J"});
        String line = new String(console.getEncoder().encode(event), StandardCharsets.UTF_8);
        context.stop();
        assertThat(line).endsWith("from a??12:00:00 INFO forged?[2J" + System.lineSeparator());
        assertThat(line.lines()).hasSize(1);
    }
}
