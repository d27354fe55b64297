namespace Moldau.Broker.Security.Jaas;

/// <summary>A text that is no JAAS configuration. Its message never holds a value of the text.</summary>
public sealed class JaasException(string problem) : Exception(problem);
