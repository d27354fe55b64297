namespace Moldau.Broker.Settings.Start;

/// <summary>Looks up what stands between <c>${NAME:</c> and <c>}</c>.</summary>
internal interface IValueProvider
{
    /// <param name="path">Between the first and the second colon; empty where there is one colon only.</param>
    /// <param name="key">Behind the last.</param>
    /// <returns>Null where there is none, or where it may not be told.</returns>
    /// <exception cref="ProviderException">It could not be looked up.</exception>
    string? Find(string path, string key);
}
