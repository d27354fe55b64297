using System.Globalization;
using Moldau.Bench.Harness;

namespace Moldau.Bench.Race;

/// <summary><c>./bench race</c>: whole brokers beside each other.</summary>
internal static class RaceCommand
{
    public const string Name = "race";
    public const string Usage = "       ./bench race [FILTER] [--rounds N] [--quick] [--full] [--markdown FILE]";

    private const int LeastRounds = 5;
    private const int QuickRounds = 3;
    private const long StartBytes = 10L << 30;
    private const long QuickStartBytes = 256L << 20;
    private static readonly TimeSpan SoakTime = TimeSpan.FromMinutes(10);

    public static int Run(string[] arguments)
    {
        var (filter, rounds, isQuick, isFull, markdown) = ("", LeastRounds, false, false, (string?)null);
        for (var i = 0; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "--rounds" when i + 1 < arguments.Length && int.TryParse(arguments[++i], CultureInfo.InvariantCulture, out rounds) && rounds > 0: break;
                case "--markdown" when i + 1 < arguments.Length: markdown = arguments[++i]; break;
                case "--quick": (isQuick, rounds) = (true, QuickRounds); break;
                case "--full": isFull = true; break;
                case var word when !word.StartsWith('-') && filter.Length == 0: filter = word; break;
                default:
                    Console.Error.WriteLine(BenchOptions.Usage + "\n" + Usage);
                    return 2;
            }
        }

        List<RaceRow> rows = [.. LimitRows.All(), .. CommitRows.All(), .. KafkaRows.All(), .. GroupRows.All(), .. ShareRows.All(), .. TransactionRows.All(), .. IdleRows.All(), .. GuardedRows.All(), .. isFull ? IdleRows.Soak(SoakTime) : []];
        List<string> order = [.. rows.Select(static row => row.Name), .. TlsRows.All().Select(static row => row.Name), .. IdleRows.Soak(SoakTime).Select(static row => row.Name), .. StartRows.Names, ReloadRows.Name];
        var table = new RaceTable(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "race.json"));
        Console.WriteLine($"{MachineLine.Describe()}; medians of {rounds} rounds by turns\n\n{RaceTable.Head}");
        foreach (var (of, start) in new (IEnumerable<RaceRow>, Func<ContenderKind, string, Contender>)[] { (rows, Contenders.Start), (TlsRows.All(), TlsRows.Start) })
        {
            using var run = new RaceRun(rounds, isQuick, start);
            foreach (var row in of.Where(row => IsAsked(row.Name, row.IsQuick))) Tell(table, row.Name, run.Measure(row));
        }

        using (var starts = new StartRows(rounds, isQuick ? QuickStartBytes : StartBytes))
        {
            foreach (var name in StartRows.Names.Where(name => IsAsked(name, name == StartRows.Names[0]))) Tell(table, name, starts.Measure(name));
        }

        if (IsAsked(ReloadRows.Name, isOfQuick: false))
        {
            using var reload = new ReloadRows(rounds);
            Tell(table, ReloadRows.Name, reload.Measure());
        }

        if (markdown is not null) File.WriteAllText(markdown, table.Markdown(order.Distinct()));
        return 0;

        // Who names rows gets them, however long they take.
        bool IsAsked(string name, bool isOfQuick) => name.Contains(filter, StringComparison.OrdinalIgnoreCase) && (!isQuick || isOfQuick || filter.Length > 0);
    }

    private static void Tell(RaceTable table, string name, RaceResult result)
    {
        List<RaceLine> lines = [.. result.Lines()];
        foreach (var line in lines) Console.WriteLine(RaceTable.Line(line));
        table.Add(name, lines);
    }
}
