using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Moldau.Broker;
using Moldau.Host.Commands;
using Moldau.Storage.Files;
using Moldau.Storage.Files.Memory;

namespace Moldau.Host.Serving;

/// <summary>A broker from its start to the signal that ends it.</summary>
internal static class ServerRun
{
    public static async Task<int> RunAsync(StartOptions options, TextWriter output, TextWriter error)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);

        var notice = ServiceNotice.OfProcess();
        var settings = ServerSettings.Read(options);
        var levels = new LogLevels();
        using var logs = ConsoleLogs.Create(levels, settings.Values["node.id"]);
        foreach (var note in settings.Notes) await error.WriteLineAsync(note).ConfigureAwait(false);
        var clock = TimeProvider.System;
        var started = clock.GetTimestamp();
        await using var broker = await BrokerServer.StartAsync(new BrokerOptions
        {
            Disk = options.IsInMemory ? new MemoryFileSystem(keepsHistory: false) : new DiskFileSystem(),
            Clock = clock,
            Chance = new Random(),
            Logs = logs,
            LogLevels = levels,
            Settings = settings.Values,
            ClusterId = options.ClusterId,
            Upgrades = options.Upgrades,
            Owner = string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} since {clock.GetLocalNow():yyyy-MM-dd HH:mm:ss}"),
        }).ConfigureAwait(false);
        using var export = OtlpExport.Start(broker, settings.Values["node.id"]);
        var http = await HttpSurface.TryStartAsync(options.Http, broker, logs.CreateLogger("Moldau.Broker")).ConfigureAwait(false);
        await using (http.ConfigureAwait(false))
        {
            var where = options.IsInMemory ? "in memory" : $"in {settings.Values.GetValueOrDefault("log.dirs") ?? settings.Values["log.dir"]}";
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{ProgramVersion.Text} is ready on {string.Join(", ", broker.Addresses)}, data {where}{(http.Address is { } address ? $", HTTP on {address}" : "")} ({clock.GetElapsedTime(started).TotalMilliseconds:0} ms)")).ConfigureAwait(false);
            await output.FlushAsync().ConfigureAwait(false);
            notice.Ready($"ready on {string.Join(", ", broker.Addresses)}");
            await Task.WhenAny(stop.Task, broker.Failure).ConfigureAwait(false);
            notice.Stopping();
        }

        if (!stop.Task.IsCompleted)
        {
            await error.WriteLineAsync("moldau: " + await broker.Failure.ConfigureAwait(false)).ConfigureAwait(false);
            return ExitCode.Failed;
        }

        return ExitCode.Done;

        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.TrySetResult();
        }
    }
}
