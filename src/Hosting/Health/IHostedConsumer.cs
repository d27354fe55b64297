namespace Moldau.Extensions.Hosting.Health;

/// <summary>What a health check asks a hosted consumer, whatever it reads.</summary>
internal interface IHostedConsumer
{
    string Cluster { get; }

    string Group { get; }

    /// <summary>Why it ended; null where it goes on.</summary>
    Exception? Failure { get; }
}
