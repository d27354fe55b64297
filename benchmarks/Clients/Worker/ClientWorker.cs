using System.Diagnostics;
using System.Globalization;

namespace Moldau.Bench.Clients.Worker;

/// <summary>The process of a client: takes a turn for each line it is given, of so many milliseconds, and tells what it came to.</summary>
internal static class ClientWorker
{
    public const string Ready = "ready";
    public const string Failed = "failed";

    public static async Task<int> RunAsync(string version, Func<Task<IClientLoad>> start)
    {
        try
        {
            await using var load = await start();
            Console.WriteLine($"{Ready} {version}");
            while (Console.ReadLine() is { } line) Console.WriteLine((await TakeAsync(load, int.Parse(line, CultureInfo.InvariantCulture))).ToLine());
            return 0;
        }
        catch (Exception e)
        {
            // The other side prints it in the table; the rest of a trace is for who runs the program by hand.
            Console.WriteLine($"{Failed} {e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}");
            Console.Error.WriteLine(e);
            return 1;
        }
    }

    private static async Task<ClientTurn> TakeAsync(IClientLoad load, int milliseconds)
    {
        var (allocated, cpu, started) = (GC.GetTotalAllocatedBytes(), Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        var operations = await Task.Run(() => load.RunAsync(new Deadline(TimeSpan.FromMilliseconds(milliseconds))));
        var passed = Stopwatch.GetElapsedTime(started);
        return new ClientTurn(operations, passed.TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds, GC.GetTotalAllocatedBytes() - allocated, Environment.WorkingSet);
    }
}
