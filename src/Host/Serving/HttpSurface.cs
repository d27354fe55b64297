using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Moldau.Broker;
using Moldau.Broker.Diagnostics;

namespace Moldau.Host.Serving;

/// <summary>What the broker shows of itself over HTTP: whether it lives, whether it serves, its metrics, and what its partitions are about.</summary>
internal sealed class HttpSurface : IAsyncDisposable
{
    public const string DefaultAddress = "127.0.0.1:9094";
    public const string None = "none";

    private readonly WebApplication? _application;

    private HttpSurface(WebApplication? application) => _application = application;

    /// <summary>Null where there is none.</summary>
    public string? Address => _application?.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()?.Replace("http://", "", StringComparison.Ordinal);

    /// <summary>Where nobody asked for an address and the default one is taken, the broker runs without: it is worth more than its metrics.</summary>
    public static async Task<HttpSurface> TryStartAsync(string? address, BrokerServer broker, ILogger log)
    {
        if (address == None) return new HttpSurface(null);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPEndPoint.Parse(address ?? DefaultAddress));
        });
        var application = builder.Build();
        application.MapGet("/health/live", static () => Results.Text("live\n"));
        application.MapGet("/health/ready", () => broker.NotReadyReason is { } reason ? Results.Text($"{reason}\n", statusCode: StatusCodes.Status503ServiceUnavailable) : Results.Text("ready\n"));
        application.MapGet("/metrics", async () => Results.Text(await MetricsPage.WriteAsync(broker).ConfigureAwait(false), MetricsPage.ContentType));
        application.MapGet("/debug/partitions/{topic}/{partition:int}", (HttpContext context, string topic, int partition) => DebugAsync(context, broker, topic, partition));
        try
        {
            await application.StartAsync().ConfigureAwait(false);
            return new HttpSurface(application);
        }
        catch (IOException taken) when (address is null)
        {
            HttpIsOff(log, DefaultAddress, taken.Message, null);
            await application.DisposeAsync().ConfigureAwait(false);
            return new HttpSurface(null);
        }
    }

    /// <summary>For whoever is on the machine: it names folders and producers, and asks the partition's writer.</summary>
    private static async Task<IResult> DebugAsync(HttpContext context, BrokerServer broker, string topic, int partition)
    {
        if (context.Connection.RemoteIpAddress is not { } from || !IPAddress.IsLoopback(from))
            return Results.Text("only the broker's own machine may ask this\n", statusCode: StatusCodes.Status403Forbidden);
        var (report, missing) = await PartitionReport.TakeAsync(broker, topic, partition).ConfigureAwait(false);
        return report is null
            ? Results.Text($"{missing}\n", statusCode: StatusCodes.Status404NotFound)
            : Results.Json(report, ReportJson.Default.PartitionReport);
    }

    public ValueTask DisposeAsync() => _application?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static readonly Action<ILogger, string, string, Exception?> HttpIsOff = LoggerMessage.Define<string, string>(
        LogLevel.Warning, new EventId(1200), "no HTTP on {Address}: {Reason}; say another address with --http");
}
