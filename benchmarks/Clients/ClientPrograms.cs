using System.Diagnostics;

namespace Moldau.Bench.Clients;

/// <summary>Which program a client's process runs, if it was built here.</summary>
internal static class ClientPrograms
{
    public const string WorkerArgument = "client-process";

    private static string Built => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", ".."));

    /// <param name="kind">Who.</param>
    /// <param name="why">Why it cannot be measured.</param>
    public static ProcessStartInfo? Find(ClientKind kind, out string why)
    {
        why = "";
        switch (kind)
        {
            case ClientKind.Librdkafka when !Librdkafka.Librdkafka.IsThere():
                why = $"there is no {Librdkafka.Librdkafka.Path}; install librdkafka, or let MOLDAU_LIBRDKAFKA name the library";
                return null;
            case ClientKind.Dekaf:
                why = "it was not built; let MOLDAU_DEKAF name the folder of its assemblies";
                return Other("Moldau.Bench.Dekaf");
            case ClientKind.Confluent:
                why = "it was not built; its package did not come from the registry";
                return Other("Moldau.Bench.Confluent");
            default:
                var start = new ProcessStartInfo(Environment.ProcessPath!);
                start.ArgumentList.Add(WorkerArgument);
                start.ArgumentList.Add(kind.ToString());
                return start;
        }
    }

    private static ProcessStartInfo? Other(string name)
    {
        var program = Path.Combine(Built, name, "release", name);
        return File.Exists(program) ? new ProcessStartInfo(program) : null;
    }
}
