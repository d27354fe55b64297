using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Moldau.Broker;

namespace Moldau.Host.Serving;

/// <summary>Log lines on standard error, one each, as much of them as the broker's levels let through.</summary>
internal static class ConsoleLogs
{
    public static ILoggerFactory Create(LogLevels levels, string node) => LoggerFactory.Create(builder =>
    {
        OtlpExport.AddLogs(builder, node);
        AddConsole(builder, levels);
    });

    private static void AddConsole(ILoggingBuilder builder, LogLevels levels) => builder
        .SetMinimumLevel(LogLevel.Trace)
        .AddFilter((category, level) => category is not null && category.StartsWith("Moldau.", StringComparison.Ordinal) ? levels.IsOn(category, level) : level >= LogLevel.Warning)
        .AddSimpleConsole(static console =>
        {
            console.SingleLine = true;
            console.ColorBehavior = LoggerColorBehavior.Disabled;
            console.TimestampFormat = "yyyy-MM-dd HH:mm:ss.fff ";
        })
        .Services.Configure<ConsoleLoggerOptions>(static console => console.LogToStandardErrorThreshold = LogLevel.Trace);
}
