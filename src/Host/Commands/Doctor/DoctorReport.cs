using Moldau.Host.Commands.Output;

namespace Moldau.Host.Commands.Doctor;

/// <summary>Prints what was found: for people a line each, with what to do below it; else a row each.</summary>
internal static class DoctorReport
{
    public static void Write(TextWriter output, Diagnosis diagnosis, OutputFormat format)
    {
        if (format == OutputFormat.Text)
        {
            WriteText(output, diagnosis);
            return;
        }

        var listing = new Listing(new("CODE", "code"), new("SEVERITY", "severity"), new("IS", "is"), new("SHOULD", "should"), new("MEND", "mend"));
        foreach (var (code, finding) in diagnosis.Findings) listing.Add(code, Word(finding.Severity), finding.Is, finding.Should, finding.Mend);
        listing.Write(output, format);
    }

    private static void WriteText(TextWriter output, Diagnosis diagnosis)
    {
        var width = diagnosis.Findings.Select(static found => found.Code.Length).DefaultIfEmpty().Max();
        foreach (var (code, finding) in diagnosis.Findings)
        {
            output.WriteLine($"{Word(finding.Severity),-4}  {code.PadRight(width)}  {OneLine(finding.Is)}");
            var indent = new string(' ', width + 8);
            if (finding.Should is { } should) output.WriteLine($"{indent}should be: {should}");
            if (finding.Mend is { } mend) output.WriteLine($"{indent}to mend:   {mend}");
        }

        output.WriteLine($"{diagnosis.Count(Severity.Ok)} ok, {diagnosis.Count(Severity.Warn)} to look at, {diagnosis.Count(Severity.Fail)} failed");
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private static string Word(Severity severity) => severity switch { Severity.Ok => "ok", Severity.Warn => "warn", _ => "fail" };
}
