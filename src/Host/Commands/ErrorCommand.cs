using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Moldau.Broker.Settings;
using Moldau.Protocol.Errors;

namespace Moldau.Host.Commands;

/// <summary><c>moldau error</c>: what an error code of the protocol means, asked by number or by name.</summary>
internal static class ErrorCommand
{
    public static Command Create(TextWriter output)
    {
        var which = new Argument<ErrorRow?>("CODE|NAME")
        {
            Description = "The error's number or name; all of them when left out",
            Arity = ArgumentArity.ZeroOrOne,
            CustomParser = Parse,
        };
        var format = FormatOption.Create();
        var command = new Command("error", "Explains the protocol's error codes") { which, format };
        command.SetAction(parsed =>
        {
            var rows = parsed.GetValue(which) is { } row ? [row] : ErrorTable.All;
            if (parsed.GetValue(format) == OutputFormat.Json) WriteJson(rows, output);
            else WriteText(rows, output);
        });
        return command;
    }

    private static ErrorRow? Parse(ArgumentResult argument)
    {
        var given = argument.Tokens[0].Value;
        if (short.TryParse(given, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            if (ErrorTable.IsKnown((ErrorCode)number)) return ErrorTable.Get((ErrorCode)number);
            argument.AddError($"no error has the code {number}; they go from {(short)ErrorTable.All[0].Code} to {(short)ErrorTable.All[^1].Code}");
            return null;
        }

        var names = new List<string>();
        foreach (var row in ErrorTable.All)
        {
            if (string.Equals(row.Name, given, StringComparison.OrdinalIgnoreCase)) return row;
            names.Add(row.Name);
        }

        argument.AddError(NearestName.Find(given, names) is { } nearest
            ? $"no error is named '{given}'; did you mean '{nearest}'?"
            : $"no error is named '{given}'; 'moldau error' lists them");
        return null;
    }

    private static void WriteText(ReadOnlySpan<ErrorRow> rows, TextWriter output)
    {
        var table = new TextTable("CODE", "NAME", "RETRIABLE", "MEANING");
        foreach (var row in rows) table.Add($"{(short)row.Code}", row.Name, row.IsRetriable ? "yes" : "no", row.Message);
        table.Write(output);
    }

    private static void WriteJson(ReadOnlySpan<ErrorRow> rows, TextWriter output)
    {
        var json = new JsonRows();
        foreach (var row in rows)
        {
            json.Add(writer =>
            {
                writer.WriteNumber("code", (short)row.Code);
                writer.WriteString("name", row.Name);
                writer.WriteBoolean("retriable", row.IsRetriable);
                writer.WriteString("meaning", row.Message);
            });
        }

        json.Write(output);
    }
}
