using Moldau.Shared;
using Xunit;

namespace Moldau.Unit.Repository;

/// <summary>The references under <c>docs/reference</c> are what the tables say; <c>MOLDAU_REMAKE=1</c> writes them anew.</summary>
public class ReferenceTests
{
    public static TheoryData<string> Pages => ["apis.md", "records.md", "errors.md", "settings.md", "verbs.md", "metrics.md", "mbeans.md", "doctor.md", "client-metrics.md"];

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_reference_says_what_its_table_says(string page)
    {
        var expected = page switch
        {
            "apis.md" => ProtocolPages.Apis(),
            "records.md" => ProtocolPages.StoredRecords(),
            "errors.md" => ErrorPage.Text(),
            "settings.md" => SettingPage.Text(),
            "metrics.md" => MetricPages.Metrics(),
            "mbeans.md" => MetricPages.MBeans(),
            "doctor.md" => DoctorPage.Text(),
            "client-metrics.md" => ClientMetricPage.Text(),
            _ => VerbPage.Text(),
        };
        var path = Path.Combine(RepositoryPaths.Root, "docs", "reference", page);
        if (Environment.GetEnvironmentVariable("MOLDAU_REMAKE") == "1") File.WriteAllText(path, expected);

        Assert.True(File.Exists(path), $"{page} is missing; MOLDAU_REMAKE=1 ./test --fast writes it");
        Assert.True(expected == File.ReadAllText(path), $"{page} is stale; MOLDAU_REMAKE=1 ./test --fast writes it anew");
    }
}
