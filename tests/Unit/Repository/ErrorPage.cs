using System.Text;
using Moldau.Protocol.Errors;

namespace Moldau.Unit.Repository;

/// <summary>The page of errors, made from their table.</summary>
internal static class ErrorPage
{
    public static string Text()
    {
        var page = new StringBuilder();
        page.AppendLine("# Errors").AppendLine();
        page.AppendLine("<!-- Generated from the error table; a test fails when it is stale. -->").AppendLine();
        page.AppendLine("`moldau error CODE` prints one of them.").AppendLine();
        page.AppendLine("| code | name | a retry may help | meaning |");
        page.AppendLine("|---|---|---|---|");
        foreach (var row in ErrorTable.All)
            page.AppendLine($"| {(short)row.Code} | {row.Name} | {(row.IsRetriable ? "yes" : "no")} | {row.Message} |");
        return page.ToString();
    }
}
