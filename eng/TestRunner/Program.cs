using System.Diagnostics;
using System.Runtime.InteropServices;
using Moldau.TestRunner;

// Started by ./test: Moldau.TestRunner ROOT fast|full|long [FILTER...]
var root = args[0];
var kind = Enum.Parse<RunKind>(args[1], ignoreCase: true);
string[] filter = args[2..];

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);

var results = new List<FinishedTest>();
foreach (var suite in SuitePlan.Make(root, kind, filter))
{
    if (stop.IsCancellationRequested) break;
    var began = Stopwatch.GetTimestamp();
    suite.Prepare?.Invoke();
    var ended = await new SuiteRun(suite, Console.Out).RunAsync(stop.Token);
    results.AddRange(ended);
    var failures = ended.Count(result => result.Outcome == Outcome.Failed);
    Console.WriteLine($"{suite.Name}: {ended.Count} tests, {failures} failed, {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s");
}

return Report.Write(results, Console.Out);

// The suite's process is killed by its watcher, within a second.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
