using System.Globalization;
using System.Text;
using Moldau.Bench.Clients;
using Moldau.Bench.Harness;
using Moldau.Bench.Race;
using Moldau.Bench.Rows;

switch (args)
{
    case [Contenders.LimitArgument, var folder]:
        Contenders.RunLimit(folder);
        return 0;
    case [RaceCommand.Name, .. var rest]:
        return RaceCommand.Run(rest);
    case [ClientsCommand.Name, .. var rest]:
        return ClientsCommand.Run(rest);
    case [ClientPrograms.WorkerArgument, var kind, .. var rest]:
        return await ClientsCommand.WorkAsync(kind, rest);
}

if (!BenchOptions.TryParse(args, out var options))
{
    Console.Error.WriteLine(BenchOptions.Usage + "\n" + RaceCommand.Usage + "\n" + ClientsOptions.Usage);
    return 2;
}

var head = $"{MachineLine.Describe()}; medians of {options.Rounds} interleaved rounds\n\n{ResultTable.Head}";
Console.WriteLine(head);
var document = new StringBuilder($"# The last full run\n\n`./bench {string.Join(' ', args)}`\n\n{head}\n");
var missed = 0;
foreach (var row in AllRows.Matching(options))
{
    var result = Measurement.Of(row, options.Rounds);
    if (result.IsMet == false) missed++;
    var line = ResultTable.Line(result);
    Console.WriteLine(line);
    document.Append(line).Append('\n');
}

Console.WriteLine($"\n{missed} goals missed");
document.Append(CultureInfo.InvariantCulture, $"\n{missed} goals missed. What the columns mean stands in [README.md](README.md).\n");
if (options.MarkdownFile is not null) File.WriteAllText(options.MarkdownFile, document.ToString());
return 0;
