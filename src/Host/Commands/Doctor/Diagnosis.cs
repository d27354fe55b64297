namespace Moldau.Host.Commands.Doctor;

/// <summary>What all looks found, each under its check's code.</summary>
internal sealed class Diagnosis
{
    private readonly List<(string Code, Finding Finding)> _findings = [];

    public IReadOnlyList<(string Code, Finding Finding)> Findings => _findings;

    public bool IsFailed => _findings.Exists(static found => found.Finding.Severity == Severity.Fail);

    public void Look<TFacts>(IEnumerable<Check<TFacts>> checks, TFacts facts)
    {
        foreach (var check in checks)
        {
            foreach (var finding in check.Look(facts)) _findings.Add((check.Code, finding));
        }
    }

    public int Count(Severity severity) => _findings.Count(found => found.Finding.Severity == severity);
}
