using System.Text;
using Moldau.Host.Commands.Doctor;

namespace Moldau.Unit.Repository;

/// <summary>The page of what <c>moldau doctor</c> looks at, made from its tables.</summary>
internal static class DoctorPage
{
    public static string Text()
    {
        var page = new StringBuilder();
        page.AppendLine("# What the doctor looks at").AppendLine();
        page.AppendLine("<!-- Generated from the tables of checks; a test fails when it is stale. -->").AppendLine();
        page.AppendLine("`moldau doctor` says of each what is, what should be, and the command that mends it; its exit code is 1 where something fails.");
        page.AppendLine("Codes stay the same over versions. What cannot be found out is left out: most of the machine's is known on Linux only.");
        Append(page, "This machine", CheckTables.Machine);
        Append(page, "The settings of a start (`--config`, `--data`, `--set`)", CheckTables.Start);
        Append(page, "Each data folder of it", CheckTables.Folder);
        Append(page, "Each listener of it", CheckTables.Listener);
        Append(page, "A running broker and its cluster (`--server`)", CheckTables.Cluster);
        Append(page, "The settings of each running broker", CheckTables.BrokerSettings);
        return page.ToString();
    }

    private static void Append<TFacts>(StringBuilder page, string title, IEnumerable<Check<TFacts>> checks)
    {
        page.AppendLine().AppendLine($"## {title}").AppendLine();
        page.AppendLine("| code | looks at | complains of |");
        page.AppendLine("|---|---|---|");
        foreach (var check in checks) page.AppendLine($"| `{check.Code}` | {check.Subject} | {check.Complaint} |");
    }
}
